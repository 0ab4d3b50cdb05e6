import type { Outreach, Page, PatientRecord, Ribbon, Session, Thread, TimelineEntry } from '../api.js';
import { query } from '../api.js';
import { useAnswer, useDesk } from '../data.js';
import { Answer } from '../parts/answer.js';
import { Photos } from '../parts/photos.js';
import { RecoveryRibbon } from '../parts/ribbon.js';
import { When } from '../parts/when.js';
import { channelWord, dayOf, dayWords, plain, sentence, treatment, yearsOld } from '../words.js';
import { Said } from './inbox.js';
import { OutreachTable } from '../parts/outreach-table.js';
import { SessionTable } from './upcoming.js';

/** Steps of our own that say nothing about the patient. */
const inner: ReadonlySet<string> = new Set(['outreach.attempted.v1', 'outreach.moved.v1', 'outreach.deferred.v1']);
const lastShown = 6;

function Happened({ id }: { id: string }) {
  const timeline = useAnswer<Page<TimelineEntry>>('timeline', `patients/${encodeURIComponent(id)}/timeline?${query({ limit: 100 })}`);
  const { staffName } = useDesk();
  return (
    <section aria-label="What happened">
      <h2>What happened</h2>
      <Answer of={timeline} empty={({ items }) => (items.length === 0 ? 'Nothing yet.' : null)}>
        {({ items }) => (
          <ol className="plain timeline">
            {items
              .filter(({ type }) => !inner.has(type))
              .map((entry) => {
                const cause = items.find((other) => other.id === entry.cause);
                return (
                  <li key={entry.id} id={`event-${entry.id}`}>
                    <span className="soft">
                      <When at={entry.at} />
                    </span>{' '}
                    <span title={entry.type}>{entry.title}</span>
                    <span className="soft cause">
                      {cause === undefined
                        ? entry.source === null
                          ? null
                          : `by ${staffName(entry.source)}`
                        : `because: ${cause.title}, ${dayWords(dayOf(cause.at, 'UTC'))}`}
                    </span>
                  </li>
                );
              })}
          </ol>
        )}
      </Answer>
    </section>
  );
}

const tongues: Readonly<Record<string, string>> = { es: 'Speaks Spanish', en: 'Speaks English' };

/** A channel that the patient closed: the newest word for each address counts, and it says no. */
const stopped = ({ consents }: PatientRecord) => consents.filter(({ granted, scope }) => !granted && scope === 'care');

/** What everybody who opens the page must see first. */
function Flags({ patient }: { patient: PatientRecord }) {
  const { facts, allergies, language } = patient;
  const flags: readonly (readonly [string, boolean])[] = [
    ...allergies.map((allergy) => [`Allergy: ${plain(allergy).toLowerCase()}`, true] as const),
    ...(facts.pregnant ? [['Pregnant', true] as const] : []),
    ...(facts.nursing ? [['Nursing', true] as const] : []),
    ...stopped(patient).map(({ channel }) => [`STOP: no ${channelWord(channel)}`, true] as const),
    ...facts.conditions.map((condition) => [plain(condition), false] as const),
    [tongues[language ?? 'en'] ?? `Speaks ${language ?? ''}`, false],
  ];
  return (
    <ul className="flags" aria-label="Flags">
      {flags.map(([word, grave]) => (
        <li key={word} data-grave={grave}>
          {word}
        </li>
      ))}
    </ul>
  );
}

function Facts({ patient: { facts, consents } }: { patient: PatientRecord }) {
  const medicines = facts.medications.map(({ code, name, prescribed, stoppedOn }) => {
    const more = [prescribed ? 'prescribed' : null, stoppedOn === undefined ? null : `stopped ${dayWords(stoppedOn)}`].filter(Boolean).join(', ');
    return `${name ?? plain(code)}${more === '' ? '' : ` (${more})`}`;
  });
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['Medicines', medicines],
    ['Sun and skin', facts.exposures.map(({ code, on }) => `${plain(code)}, ${dayWords(on)}`)],
    ['Treated before', facts.treatments.map(({ protocolId, on }) => `${treatment(protocolId)}, ${dayWords(on)}`)],
    ['Skin type', facts.fitzpatrick === undefined ? [] : [`Fitzpatrick ${facts.fitzpatrick}`]],
    [
      'May be contacted',
      consents.map(({ channel, scope, granted, method }) => `${sentence(channelWord(channel))} for ${scope}: ${granted ? 'yes' : 'no'}, by ${method}`),
    ],
  ];
  return (
    <dl className="facts">
      {rows.map(([word, values]) => (
        <div key={word} style={{ display: 'contents' }}>
          <dt>{word}</dt>
          <dd>{values.length === 0 ? 'Nothing is known' : values.join('; ')}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The last of what was said, and every photo that came with it. */
function Talk({ id }: { id: string }) {
  const thread = useAnswer<Thread>('conversation', `conversations/${encodeURIComponent(id)}`);
  if (thread.isError) return <p className="nothing">Nothing was said yet.</p>;
  return (
    <Answer of={thread} empty={({ messages }) => (messages.length === 0 ? 'Nothing was said yet.' : null)}>
      {({ messages }) => (
        <>
          <ol className="plain">
            {messages.slice(-lastShown).map((message) => (
              <Said key={message.id} message={message} wordless={null} />
            ))}
          </ol>
          {messages.some(({ media }) => media.length > 0) ? (
            <>
              <h3>Photos</h3>
              <Photos media={messages.flatMap(({ media }) => media)} />
            </>
          ) : null}
        </>
      )}
    </Answer>
  );
}

function Plan({ id }: { id: string }) {
  const ribbon = useAnswer<{ readonly ribbon: Ribbon | null }>('session', `patients/${encodeURIComponent(id)}/ribbon`);
  const sessions = useAnswer<Page<Session>>('session', `sessions?${query({ patientId: id, limit: 200 })}`);
  return (
    <>
      <h2>The course</h2>
      <Answer of={ribbon} empty={(known) => (known.ribbon === null ? 'Nothing has a date yet.' : null)}>
        {(known) => (known.ribbon === null ? null : <RecoveryRibbon ribbon={known.ribbon} />)}
      </Answer>
      <h2>Sessions</h2>
      <Answer of={sessions} empty={({ items }) => (items.length === 0 ? 'Nothing is booked.' : null)}>
        {({ items }) => <SessionTable sessions={items} person={false} />}
      </Answer>
    </>
  );
}

export function PatientPage({ id }: { id: string }) {
  const { now, timeZone } = useDesk();
  const patient = useAnswer<PatientRecord>('patient', `patients/${encodeURIComponent(id)}`);
  const outreach = useAnswer<Page<Outreach>>('outreach', `outreach?${query({ patientId: id, limit: 200 })}`);
  return (
    <Answer of={patient}>
      {(known) => (
        <>
          <h1>
            {`${known.givenName ?? ''} ${known.familyName ?? ''}`.trim() || id}
            {known.birthDate ? `, ${yearsOld(known.birthDate, dayOf(now, timeZone))}` : ''}
          </h1>
          <p className="soft">{[known.birthDate && `Born ${known.birthDate}`, known.phone, known.email].filter(Boolean).join(' · ')}</p>
          <Flags patient={known} />
          <p>
            <a className="go" href={`#/consultations?patient=${encodeURIComponent(id)}`}>
              New consultation
            </a>
          </p>
          <Plan id={id} />
          <div className="with-side">
            <div>
              <h2>What was said</h2>
              <Talk id={id} />
              <p>
                <a className="go" href={`#/inbox/${encodeURIComponent(id)}`}>
                  Open the conversation
                </a>
              </p>
              <h2>What is known</h2>
              <Facts patient={known} />
              <h2>Messages</h2>
              <Answer of={outreach} empty={({ items }) => (items.length === 0 ? 'Nothing is planned.' : null)}>
                {({ items }) => <OutreachTable rows={items} person={false} />}
              </Answer>
            </div>
            <Happened id={id} />
          </div>
        </>
      )}
    </Answer>
  );
}
