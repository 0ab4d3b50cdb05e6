import { type ClinicDocument, clinicDocument, locationOf, type StaffMember, validUntil } from '#clinic';
import { openTask } from '#conversation';
import { deterministicId, inTransaction } from '#platform';
import { addDays } from '#protocols';
import { factsChanged, listSessions, type SessionView } from '#treatment';
import { Temporal } from 'temporal-polyfill';
import type { Afterglow } from './afterglow.js';
import { todayIn } from './patient-picture.js';

type House = Pick<Afterglow, 'db' | 'store' | 'clock' | 'treatment' | 'wake'>;

/** A renewal takes weeks: so early an administrator is told that one is due. */
const noticeDays = 30;
const pageOf = 1_000;

interface Ending {
  readonly what: string;
  readonly until: string;
}

/** The last day of each licence and certification of a person; of one that was renewed the new one counts. */
function endings({ licences, certifications }: StaffMember): Ending[] {
  const all = [
    ...licences.map(({ kind, state, until }) => ({ what: `${kind} licence of ${state}`, until })),
    ...certifications.map(({ protocols, until }) => ({ what: `certification for ${[...protocols].sort().join(', ')}`, until })),
  ];
  return all.filter(({ what, until }) => !all.some((other) => other.what === what && other.until > until));
}

/** One task for each licence or certification that ends soon, whoever looks and however often. */
async function remindOfRenewals(afterglow: House, clinic: ClinicDocument, today: string): Promise<void> {
  const providers = clinic.staff.filter(({ roles }) => roles.includes('provider'));
  const due = providers.flatMap((person) => endings(person).map((ending) => ({ person, ...ending })));
  const soon = due.filter(({ until }) => today <= until && until <= addDays(today, noticeDays));
  if (soon.length === 0) return;
  await inTransaction(afterglow.db, async (trx) => {
    for (const { person, what, until } of soon)
      await openTask(trx, afterglow, {
        taskId: deterministicId('task', 'renewal', person.id, what, until),
        kind: 'desk',
        why: `${person.name}: the ${what} ends on ${until}; nothing is booked beyond that day until it is renewed`,
        dueAt: new Date(`${until}T12:00:00Z`),
        role: 'admin',
      });
  });
}

/** Whether somebody may not perform what they are booked for on that day (invariant 4). */
function isUncovered(clinic: ClinicDocument, { status, start, timeZone, providerId, locationId, protocolId }: SessionView): boolean {
  const person = clinic.staff.find(({ id }) => id === providerId);
  const place = locationOf(clinic, locationId ?? '');
  if (start === null || timeZone === null || person === undefined || place === undefined || (status !== 'booked' && status !== 'confirmed')) return false;
  const until = validUntil(person, protocolId, place.state);
  return until === null || until < Temporal.Instant.from(start).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/** Patients whose sessions nobody may perform as they are booked, over the next weeks. */
async function uncovered(afterglow: House, clinic: ClinicDocument): Promise<string[]> {
  const now = afterglow.clock.now();
  const span = { from: now.toISOString(), to: new Date(now.getTime() + noticeDays * 86_400_000).toISOString(), limit: pageOf };
  const patients = new Set<string>();
  for (let cursor: string | null = ''; cursor !== null;) {
    const { items, next } = await listSessions(afterglow.db, cursor === '' ? span : { ...span, cursor });
    for (const session of items) if (isUncovered(clinic, session)) patients.add(session.patientId);
    cursor = next;
  }
  return [...patients].sort();
}

/**
 * What no event tells of: a licence that ends because its day comes. An administrator is told ahead, and a session that would
 * stand without one gets another provider or another time, or is put on hold. Answers how many patients that concerned.
 */
export async function watchCredentials(afterglow: House): Promise<number> {
  const clinic = await clinicDocument(afterglow.db);
  if (clinic === null) return 0;
  await remindOfRenewals(afterglow, clinic, todayIn(clinic, afterglow.clock));
  const patients = await uncovered(afterglow, clinic);
  if (patients.length === 0) return 0;
  const treatment = await afterglow.treatment();
  for (const patientId of patients) await factsChanged(treatment, patientId);
  afterglow.wake();
  return patients.length;
}
