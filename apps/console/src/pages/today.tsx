import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { type Conversation, type Page, query, type Session, type Task } from '../api.js';
import { useAnswer, useDesk, useList } from '../data.js';
import { Answer } from '../parts/answer.js';
import { DayBoard, type Lane } from '../parts/day-board.js';
import { Person } from '../parts/person.js';
import { presenceOf } from '../parts/readiness.js';
import { askFor, useAsked } from '../parts/route.js';
import { When } from '../parts/when.js';
import { UrgencySign } from '../signs.js';
import { dayOf, dayRange, dayWords, plain, rankOf, roomWord, sentence } from '../words.js';

const room = ({ roomId, locationId }: Session) => (roomId === null ? null : roomWord(roomId, locationId));

/** The lanes of a day: whoever works in it, or the rooms that are used. */
function lanesOf(sessions: readonly Session[], by: 'provider' | 'room', staffName: (id: string | null) => string): readonly Lane[] {
  const idOf = ({ providerId, roomId }: Session) => (by === 'provider' ? providerId : roomId);
  const nameOf = (session: Session) => (by === 'provider' ? staffName(session.providerId) : (room(session) ?? 'No room'));
  const lanes = new Map<string, Lane>();
  for (const session of sessions) {
    const id = idOf(session) ?? '';
    lanes.set(id, { id, name: nameOf(session), sessions: [...(lanes.get(id)?.sessions ?? []), session] });
  }
  return [...lanes.values()].sort((one, other) => one.name.localeCompare(other.name));
}

function Board({ sessions, date }: { sessions: readonly Session[]; date: string }) {
  const { staffName, timeZone } = useDesk();
  const [by, setBy] = useState<'provider' | 'room'>('provider');
  const tasks = useAnswer<Page<Task>>('task', `tasks?${query({ status: 'open', limit: 200 })}`);
  const placeOf = (session: Session) => (by === 'provider' ? room(session) : staffName(session.providerId));
  return (
    <>
      <div className="row">
        <Summary sessions={sessions} />
        <SegmentedControl
          aria-label="Lanes"
          value={by}
          onChange={(value) => setBy(value === 'room' ? 'room' : 'provider')}
          data={[
            { value: 'provider', label: 'By provider' },
            { value: 'room', label: 'By room' },
          ]}
        />
      </div>
      <DayBoard lanes={lanesOf(sessions, by, staffName)} tasks={tasks.data?.items ?? []} date={date} timeZone={timeZone} placeOf={placeOf} />
    </>
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
            {[...items]
              .filter(({ conversationId }) => !pressing.some(({ id }) => id === conversationId))
              .sort((a, b) => rankOf(a.urgency) - rankOf(b.urgency) || a.dueAt.localeCompare(b.dueAt))
              .slice(0, 12)
              .map(({ id, kind, why, patientId, dueAt }) => (
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

/** The day in one line: who is here, who is late, who comes next, and what stands in the way. */
function Summary({ sessions }: { sessions: readonly Session[] }) {
  const { now } = useDesk();
  const count = (kind: string) => sessions.filter((session) => presenceOf(session, now).kind === kind).length;
  const unconfirmed = sessions.filter(({ status }) => status === 'booked').length;
  const parts = [
    `${sessions.length} sessions`,
    `${count('here')} in the room`,
    `${count('late')} late`,
    `${count('expected')} expected`,
    `${unconfirmed} not confirmed`,
    `${count('blocked')} blocked`,
  ];
  return <p className="soft">{parts.filter((part, index) => index === 0 || !part.startsWith('0')).join(' · ')}</p>;
}

/** Which of the clinic's places is looked at, where it has several. */
function Place({ chosen }: { chosen: string }) {
  const { locations } = useDesk().clinic;
  if (locations.length < 2) return null;
  const places = [{ value: '', label: 'All places' }, ...locations.map(({ id, name }) => ({ value: id, label: name }))];
  return <NativeSelect aria-label="Place" data={places} value={chosen} onChange={(event) => askFor({ location: event.currentTarget.value })} />;
}

export function Today() {
  const { now, timeZone } = useDesk();
  const today = dayOf(now, timeZone);
  const locationId = useAsked('location');
  const sessions = useList<Session>('session', `sessions?${query({ ...dayRange(today, timeZone), locationId, limit: 200 })}`);
  const shown = (items: readonly Session[]) => items.filter(({ status }) => status !== 'cancelled');
  return (
    <div className="with-side">
      <div>
        <div className="row">
          <h1>{dayWords(today)}</h1>
          <Place chosen={locationId} />
        </div>
        <Answer of={sessions} empty={({ items }) => (shown(items).length === 0 ? 'No sessions today. Upcoming shows what comes next.' : null)}>
          {({ items }) => <Board sessions={shown(items)} date={today} />}
        </Answer>
      </div>
      <Waiting />
    </div>
  );
}
