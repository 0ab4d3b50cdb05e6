import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type OutreachDetail, type OutreachTexts, Refused } from '../api.js';
import { useAnswer, useDesk } from '../data.js';
import { OutreachSign } from '../signs.js';
import { channelWord, plain, sentence } from '../words.js';
import { Answer, Trouble } from './answer.js';
import { useCommand } from './command.js';
import { useNamed } from './outreach-table.js';
import { Person } from './person.js';
import { When } from './when.js';

const mayDecide = ['front_desk', 'provider', 'medical_director', 'admin'];
const clinicians = ['provider', 'medical_director'];

function Refusal({ error }: { error: Error }) {
  const mayGoAt = error instanceof Refused ? error.more['mayGoAt'] : undefined;
  return (
    <>
      <Trouble error={error} />
      {typeof mayGoAt === 'string' ? (
        <p>
          It may go from <When at={mayGoAt} />.
        </p>
      ) : null}
    </>
  );
}

/** A decision that needs a reason: it stands in the log with the name of who took it. */
function Reason({ word, busy, decide, stop }: { word: string; busy: boolean; decide: (reason: string) => void; stop: () => void }) {
  const [reason, setReason] = useState('');
  return (
    <form className="cancelling" onSubmit={(event) => (event.preventDefault(), decide(reason.trim()))}>
      <TextInput label="Why" required minLength={3} maxLength={300} value={reason} onChange={(event) => setReason(event.currentTarget.value)} autoFocus />
      <div className="row head">
        <Button type="submit" loading={busy} disabled={reason.trim().length < 3}>
          {word}
        </Button>
        <Button variant="default" onClick={stop}>
          Leave it as it is
        </Button>
      </div>
    </form>
  );
}

function Decisions({ message: { id, held, category } }: { message: OutreachDetail }) {
  const { me } = useDesk();
  const command = useCommand('outreach');
  const [asking, setAsking] = useState<'hold' | 'cancel' | null>(null);
  const send = (verb: string, body: object = {}) =>
    command.mutate({ path: `outreach/${encodeURIComponent(id)}/${verb}`, body }, { onSuccess: () => setAsking(null) });
  const is = (roles: readonly string[]) => me.roles.some((role) => roles.includes(role));
  if (!is(mayDecide)) return null;
  const mayCancel = category !== 'safety' || is(clinicians);
  return (
    <div className="decide">
      {asking !== null ? (
        <Reason
          word={asking === 'hold' ? 'Hold it' : 'Call it off'}
          busy={command.isPending}
          decide={(reason) => send(asking, { reason })}
          stop={() => setAsking(null)}
        />
      ) : (
        <div className="row head">
          <Button variant="default" loading={command.isPending} onClick={() => send('send-now')}>
            Send now
          </Button>
          {held ? (
            <Button variant="default" loading={command.isPending} onClick={() => send('release')}>
              Release
            </Button>
          ) : (
            <Button variant="default" onClick={() => setAsking('hold')}>
              Hold…
            </Button>
          )}
          {mayCancel ? (
            <Button variant="subtle" color="gray" onClick={() => setAsking('cancel')}>
              Call off…
            </Button>
          ) : null}
        </div>
      )}
      {mayCancel ? null : <p className="soft">It looks after a patient: a clinician calls it off. Held to its end, it becomes a call.</p>}
      {command.isError ? <Refusal error={command.error} /> : null}
    </div>
  );
}

const languages = [
  { value: 'en', label: 'English' },
  { value: 'es', label: 'Spanish' },
];

function Texts({ id }: { id: string }) {
  const texts = useAnswer<OutreachTexts>('outreach', `outreach/${encodeURIComponent(id)}/texts`);
  const [chosen, choose] = useState<string | null>(null);
  return (
    <Answer of={texts}>
      {({ language, texts: said }) => {
        const { subject = null, body = '', segments = null } = said[chosen ?? language] ?? {};
        return (
          <>
            <SegmentedControl aria-label="Language" fullWidth data={languages} value={chosen ?? language} onChange={choose} />
            <div className="said" data-direction="out" lang={chosen ?? language}>
              {subject === null ? null : (
                <p>
                  <strong>{subject}</strong>
                </p>
              )}
              <p>{body}</p>
            </div>
            <p className="soft">
              {(chosen ?? language) === language ? 'The patient’s language' : 'Not the patient’s language'}
              {segments === null ? '' : `, ${segments} ${segments === 1 ? 'segment' : 'segments'}`}. Links open nothing here.
            </p>
          </>
        );
      }}
    </Answer>
  );
}

const steps: Readonly<Record<string, string>> = {
  planned: 'Planned',
  moved: 'Moved',
  deferred: 'Put off',
  held: 'Held back',
  released: 'Released',
  hastened: 'Sent at once',
  cancelled: 'Called off',
  attempted: 'Handed to the carrier',
  sent: 'Taken by the carrier',
  delivered: 'Delivered',
  copied: 'May have arrived twice',
  'in-doubt': 'In doubt',
  unproven: 'Not proved',
  failed: 'Failed',
  missed: 'Missed',
};

function Story({ story }: Pick<OutreachDetail, 'story'>) {
  const { staffName } = useDesk();
  const named = useNamed();
  return (
    <ol className="plain timeline">
      {story.map(({ at, what, by, why, dueAt }) => (
        <li key={`${at}/${what}`}>
          <strong>{steps[what] ?? plain(what)}</strong>
          {dueAt === null ? null : (
            <>
              {' '}
              for <When at={dueAt} />
            </>
          )}
          {why === null ? null : <span>{sentence(named(why))}</span>}
          <span className="soft">
            <When at={at} />
            {by === null ? null : `, ${staffName(by)}`}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** One message: whom it is for, why it goes when it goes, how it reads, and what a person may do with it. */
export function OutreachMessage({ id, close }: { id: string; close: string }) {
  const message = useAnswer<OutreachDetail>('outreach', `outreach/${encodeURIComponent(id)}`);
  return (
    <aside aria-label="The message">
      <Answer of={message}>
        {(row) => (
          <>
            <div className="row">
              <h2>{plain(row.touchpoint)}</h2>
              <a href={close}>Close</a>
            </div>
            <p>
              <OutreachSign status={row.status} held={row.held} /> {row.patientId === null ? 'Staff' : <Person id={row.patientId} />}, by{' '}
              {channelWord(row.channel)}, <When at={row.sentAt ?? row.dueAt} />
            </p>
            {row.status === 'planned' ? <Decisions message={row} /> : null}
            {row.channel === 'call' ? <p>A person calls when it is due: no channel may carry it.</p> : <Texts id={id} />}
            <h2>Why, and what happened</h2>
            <Story story={row.story} />
            {row.status === 'planned' ? (
              <p className="soft">
                What has not gone by <When at={row.expiresAt} /> is missed, and somebody is asked to see to it.
              </p>
            ) : null}
          </>
        )}
      </Answer>
    </aside>
  );
}
