import { Button } from '@mantine/core';
import { type Conversation, type Page, query, type Session, type Task } from '../api.js';
import { useAnswer, useDesk } from '../data.js';
import { Answer, Trouble } from '../parts/answer.js';
import { useCommand } from '../parts/command.js';
import { Person } from '../parts/person.js';
import { When } from '../parts/when.js';
import { StatusSign, UrgencySign } from '../signs.js';
import { clockTime, dayOf, dayRange, dayWords, plain, rankOf, sentence, treatment } from '../words.js';

/** The next thing that happens to a session at the desk, if there is one. */
const nextSteps: Readonly<Partial<Record<Session['status'], readonly [string, string]>>> = {
  booked: ['confirm', 'Confirm'],
  confirmed: ['arrive', 'Arrived'],
  arrived: ['complete', 'Done'],
};

function Block({ session }: { session: Session }) {
  const command = useCommand('session');
  const { timeZone } = useDesk();
  const step = nextSteps[session.status];
  return (
    <li className="block" data-status={session.status}>
      <div className="row">
        <strong>{session.start === null ? '' : clockTime(session.start, session.timeZone ?? timeZone)}</strong>
        <StatusSign status={session.status} />
      </div>
      <Person id={session.patientId} />
      <div className="soft">
        {treatment(session.protocolId)} · visit {session.number} · {session.roomId}
      </div>
      {session.holds.map(({ gate, why }) => (
        <div key={gate} className="alarm">
          {plain(gate)}: {why}
        </div>
      ))}
      {command.isError ? <Trouble error={command.error} /> : null}
      {step === undefined ? null : (
        <Button variant="default" size="compact-sm" loading={command.isPending} onClick={() => command.mutate({ path: `sessions/${session.id}/${step[0]}` })}>
          {step[1]}
        </Button>
      )}
    </li>
  );
}

function Providers({ sessions }: { sessions: readonly Session[] }) {
  const { staffName } = useDesk();
  const providers = [...new Set(sessions.map(({ providerId }) => providerId))].sort((a, b) => staffName(a).localeCompare(staffName(b)));
  return (
    <div className="columns">
      {providers.map((provider) => (
        <section key={provider} aria-label={staffName(provider)}>
          <h2>{staffName(provider)}</h2>
          <ol className="plain">
            {sessions
              .filter(({ providerId }) => providerId === provider)
              .map((session) => (
                <Block key={session.id} session={session} />
              ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

function Waiting() {
  const threads = useAnswer<Page<Conversation>>('conversation', `conversations?${query({ status: 'open', limit: 200 })}`);
  const tasks = useAnswer<Page<Task>>('task', `tasks?${query({ status: 'open', limit: 200 })}`);
  const pressing = (threads.data?.items ?? []).filter(({ urgency }) => rankOf(urgency) <= rankOf('soon')).sort((a, b) => rankOf(a.urgency) - rankOf(b.urgency));
  return (
    <aside aria-label="Needs a person">
      <h2>Needs a person</h2>
      <ul className="plain">
        {pressing.map(({ id, patientId, urgency, lastMessageAt }) => (
          <li key={id} className="waiting">
            <span>
              <UrgencySign urgency={urgency} /> <Person id={patientId} />
            </span>
            <a className="go" href={`#/inbox/${encodeURIComponent(id)}`}>
              Open
            </a>
            <span className="soft">
              wrote <When at={lastMessageAt} relative />
            </span>
          </li>
        ))}
      </ul>
      <Answer of={tasks} empty={({ items }) => (items.length + pressing.length === 0 ? 'Nobody waits for you.' : null)}>
        {({ items }) => (
          <ul className="plain">
            {items.slice(0, 12).map(({ id, kind, why, patientId, dueAt }) => (
              <li key={id} className="waiting">
                <span>
                  <strong>{plain(kind)}</strong> {patientId === null ? null : <Person id={patientId} />}
                </span>
                <a className="go" href="#/tasks">
                  Open
                </a>
                <span className="soft">
                  {sentence(why)}, due <When at={dueAt} relative />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </aside>
  );
}

function Summary({ sessions }: { sessions: readonly Session[] }) {
  const count = (...statuses: Session['status'][]) => sessions.filter(({ status }) => statuses.includes(status)).length;
  const parts = [
    `${sessions.length} sessions`,
    `${count('confirmed', 'arrived', 'completed')} ready or done`,
    `${count('booked')} not confirmed`,
    `${count('on_hold')} blocked`,
  ];
  return <p className="soft">{parts.join(' · ')}</p>;
}

export function Today() {
  const { now, timeZone } = useDesk();
  const today = dayOf(now, timeZone);
  const sessions = useAnswer<Page<Session>>('session', `sessions?${query({ ...dayRange(today, timeZone), limit: 200 })}`);
  const shown = (items: readonly Session[]) => items.filter(({ status }) => status !== 'cancelled');
  return (
    <div className="with-side">
      <div>
        <h1>{dayWords(today)}</h1>
        <Answer of={sessions} empty={({ items }) => (shown(items).length === 0 ? 'No sessions today. Upcoming shows what comes next.' : null)}>
          {({ items }) => (
            <>
              <Summary sessions={shown(items)} />
              <Providers sessions={shown(items)} />
            </>
          )}
        </Answer>
      </div>
      <Waiting />
    </div>
  );
}
