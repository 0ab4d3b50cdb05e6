import { type Outreach, type Page, type Patient, query, type Session, type TimelineEntry } from '../api.js';
import { useAnswer } from '../data.js';
import { Answer } from '../parts/answer.js';
import { When } from '../parts/when.js';
import { OutreachTable } from './outreach.js';
import { SessionTable } from './upcoming.js';

/** Steps of our own that say nothing about the patient. */
const inner: ReadonlySet<string> = new Set(['outreach.attempted.v1', 'outreach.moved.v1', 'outreach.deferred.v1']);

function Happened({ id }: { id: string }) {
  const timeline = useAnswer<Page<TimelineEntry>>('timeline', `patients/${encodeURIComponent(id)}/timeline?${query({ limit: 100 })}`);
  return (
    <section aria-label="What happened">
      <h2>What happened</h2>
      <Answer of={timeline} empty={({ items }) => (items.length === 0 ? 'Nothing yet.' : null)}>
        {({ items }) => (
          <ol className="plain timeline">
            {items
              .filter(({ type }) => !inner.has(type))
              .map((entry) => (
                <li key={entry.id}>
                  <span className="soft">
                    <When at={entry.at} />
                  </span>{' '}
                  <span title={entry.type}>{entry.title}</span>
                </li>
              ))}
          </ol>
        )}
      </Answer>
    </section>
  );
}

export function PatientPage({ id }: { id: string }) {
  const patient = useAnswer<Patient>('patient', `patients/${encodeURIComponent(id)}`);
  const sessions = useAnswer<Page<Session>>('session', `sessions?${query({ patientId: id, limit: 200 })}`);
  const outreach = useAnswer<Page<Outreach>>('outreach', `outreach?${query({ patientId: id, limit: 200 })}`);
  return (
    <Answer of={patient}>
      {({ givenName, familyName, birthDate, phone, email, language }) => (
        <>
          <h1>{`${givenName ?? ''} ${familyName ?? ''}`.trim() || id}</h1>
          <p className="soft">
            {[birthDate && `Born ${birthDate}`, phone, email, language === 'es' ? 'Speaks Spanish' : null].filter(Boolean).join(' · ')} ·{' '}
            <a href={`#/inbox/${encodeURIComponent(id)}`}>Conversation</a>
          </p>
          <div className="with-side">
            <div>
              <h2>Sessions</h2>
              <Answer of={sessions} empty={({ items }) => (items.length === 0 ? 'Nothing is booked.' : null)}>
                {({ items }) => <SessionTable sessions={items} person={false} />}
              </Answer>
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
