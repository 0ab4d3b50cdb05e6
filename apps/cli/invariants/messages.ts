/*
 * Invariants 5, 6, 7, 10 and 11 of what reached the outside: from the sandbox's log and what the patients said, beside the ledger.
 */
import { Temporal } from 'temporal-polyfill';
import { narrowedBy, stateOfPhone } from '#messaging';
import type { OutreachRow, Outside } from '../clinic-client.js';
import { answerMillis, type Check, type ContactWord, millis, type Person, type Violation, type World } from './world.js';

const final: readonly string[] = ['sent', 'delivered', 'unproven', 'failed', 'missed', 'cancelled'];
const unhappy: readonly string[] = ['unproven', 'failed', 'missed'];
const reached: readonly string[] = ['sent', 'delivered'];
const finalWithinMillis = 72 * 3_600_000;
/** The same words to the same address within this time are the same message twice, whatever the ledger calls them. */
const echoMillis = 12 * 3_600_000;

const fromClinic = ({ outside }: World): Outside[] => outside.filter(({ automatic }) => automatic !== true);
const ownerOf = ({ people }: World): ReadonlyMap<string, Person> =>
  new Map(people.flatMap((person) => person.words.map(({ address }) => [address.toLowerCase(), person] as const)));
const rowsByMessage = ({ outreach }: World): ReadonlyMap<string, OutreachRow> =>
  new Map(outreach.flatMap((row) => (row.providerMessageId === null ? [] : [[row.providerMessageId, row] as const])));
const isExempt = (row: OutreachRow | undefined): boolean => row?.category === 'answer' || row?.category === 'page';

/** What a message says, without the links that differ from one to the next. */
const wordsOf = ({ subject, body }: Outside): string => `${subject ?? ''}\n${body.replaceAll(/https?:\/\/\S+/g, '')}`;

function echoes(world: World): Violation[] {
  const rows = rowsByMessage(world);
  const owners = ownerOf(world);
  const last = new Map<string, string>();
  return fromClinic(world).flatMap((message): Violation[] => {
    // A page says the same on every rung, and is meant to.
    const owner = owners.get(message.to.toLowerCase());
    if (owner === undefined || isExempt(rows.get(message.providerMessageId))) return [];
    const key = JSON.stringify([message.to, wordsOf(message)]);
    const before = last.get(key);
    last.set(key, message.acceptedAt);
    if (before === undefined || millis(message.acceptedAt) - millis(before) > echoMillis) return [];
    return [{ says: `message ${message.n} repeats one of ${before}`, patientId: owner.patientId, at: message.acceptedAt }];
  });
}

/**
 * Messages at the outside that no row names. One that may have left and could not be proved accounts for one of them: that is what
 * `unproven` says, and a person was told.
 */
function strays(world: World): Violation[] {
  const [rows, owners] = [rowsByMessage(world), ownerOf(world)];
  const doubtful = world.outreach.filter(({ status, providerMessageId }) => status === 'unproven' && providerMessageId === null);
  return fromClinic(world).flatMap(({ n, to, channel, acceptedAt, providerMessageId }): Violation[] => {
    if (rows.has(providerMessageId)) return [];
    const patientId = owners.get(to.toLowerCase())?.patientId ?? null;
    const index = doubtful.findIndex(
      (row) =>
        row.channel === channel &&
        row.dueAt <= acceptedAt &&
        (patientId === null ? row.category === 'page' : row.patientId === patientId && row.category !== 'page'),
    );
    if (index >= 0) return (doubtful.splice(index, 1), []);
    return [{ says: `message ${n} reached the outside and stands in no ledger`, patientId, at: acceptedAt }];
  });
}

const ofRow = ({ patientId, dueAt }: OutreachRow, says: string): Violation => ({ says, patientId, at: dueAt });

/** Invariant 5, of the rows alone: each has come to an end, and an end that needs a person has a task. */
function rowsLeftOpen({ outreach, now, tasks }: Pick<World, 'outreach' | 'now' | 'tasks'>): Violation[] {
  const followed = new Set(tasks.flatMap(({ outreachId }) => outreachId ?? []));
  return [
    ...outreach
      .filter(({ status, dueAt }) => !final.includes(status) && now.getTime() - millis(dueAt) > finalWithinMillis)
      .map((row) => ofRow(row, `${row.touchpoint} ${row.id} is still ${row.status}`)),
    ...outreach
      // A page speaks of a task, which is open itself and pages the next person.
      .filter(({ id, status, category }) => unhappy.includes(status) && category !== 'page' && !followed.has(id))
      .map((row) => ofRow(row, `${row.touchpoint} ${row.id} is ${row.status} and nobody was told`)),
  ];
}

/** Invariant 5, as far as the ledger alone can tell. */
export const ledgerEnds = (world: Pick<World, 'outreach' | 'now' | 'tasks'>): Check => ({
  invariant: 5,
  what: 'each row of the ledger ends, and an end that needs a person has one',
  checks: world.outreach.length,
  violations: rowsLeftOpen(world),
});

/** Invariant 5: every row against the outside, the outside against every row. */
export function endsOnce(world: World): Check {
  const { outreach } = world;
  const count = new Map<string, number>();
  for (const { providerMessageId } of fromClinic(world)) count.set(providerMessageId, (count.get(providerMessageId) ?? 0) + 1);
  const rows = rowsByMessage(world);
  const violations = [
    ...rowsLeftOpen(world),
    ...[...count]
      .filter(([, times]) => times > 1)
      .map(([id, times]) => ({ says: `${id} reached the outside ${times} times`, patientId: rows.get(id)?.patientId ?? null })),
    ...strays(world),
    ...outreach
      .filter(({ status, providerMessageId }) => reached.includes(status) && !count.has(providerMessageId ?? ''))
      .map((row) => ofRow(row, `${row.touchpoint} ${row.id} is called ${row.status} and never reached the outside`)),
    ...echoes(world),
  ];
  return { invariant: 5, what: 'each message ends exactly once, and an end that needs a person has one', checks: outreach.length + count.size, violations };
}

/** Invariant 5, the caps: text messages within any 24 hours and any 7 days. */
export function withinCaps({ clinic, outreach }: Pick<World, 'clinic' | 'outreach'>): Check {
  const { perDay, perWeek } = clinic.messageCaps;
  const counted = outreach.flatMap(({ channel, sentAt, category, patientId }) =>
    channel === 'sms' && sentAt !== null && patientId !== null && category !== 'answer' && category !== 'page' ? [{ patientId, at: millis(sentAt) }] : [],
  );
  const times = new Map<string, number[]>();
  for (const { patientId, at } of counted) times.set(patientId, [...(times.get(patientId) ?? []), at]);
  const violations = [...times].flatMap(([patientId, own]) =>
    own.flatMap((at): Violation[] => {
      const within = (hours: number) => own.filter((other) => other <= at && at - other < hours * 3_600_000).length;
      if (within(24) <= perDay && within(168) <= perWeek) return [];
      return [{ says: 'more texts than the caps allow', patientId, at: new Date(at).toISOString() }];
    }),
  );
  return { invariant: 5, what: 'no patient gets more texts than the caps allow', checks: counted.length, violations };
}

const zoneAt = ({ zones }: Person, at: string): string | undefined => zones.findLast(({ from }) => from <= at)?.timeZone;

/** Is it permitted hours in a zone? Read off the wall clock there. */
function isPermitted(world: World, at: string, zone: string, phone: string | undefined): boolean {
  const local = Temporal.Instant.from(at).toZonedDateTimeISO(zone);
  const states = [world.clinic.locations[0]?.state, stateOfPhone(phone)].flatMap((state) => state ?? []);
  const hours = narrowedBy(states, world.clinic.contactHours, 'care');
  const time = local.toPlainTime().toString({ smallestUnit: 'second' });
  const ranges = Object.entries(hours).flatMap(([day, list]) => (day === String(local.dayOfWeek) ? (list ?? []) : []));
  return ranges.some(([opens, closes]) => time >= `${opens}:00` && (closes === '24:00' || time < `${closes}:00`));
}

/** Soon after a text of that very phone, or the person's other address. */
const isAnswer = (person: Person, at: string): boolean => person.texts.some((said) => at >= said.at && millis(at) - millis(said.at) <= answerMillis);

interface Moment {
  readonly at: string;
  readonly says: string;
}

/** The instants at which a message may be on its way: its handing over, its transmission, the last one that the carrier may choose. */
function momentsOf({ n, acceptedAt, validUntil }: Outside, sentAt: string | undefined): Moment[] {
  return [
    { at: acceptedAt, says: `message ${n} was handed over` },
    ...(sentAt === undefined ? [] : [{ at: sentAt, says: `message ${n} was transmitted` }]),
    // The hours end at the instant itself.
    ...(validUntil === undefined ? [] : [{ at: new Date(millis(validUntil) - 1_000).toISOString(), says: `message ${n} could be transmitted until` }]),
  ];
}

/** Invariant 6, in the zone that the patient has told and in the clinic's. */
export function atPermittedHours(world: World): Check {
  const [rows, owners] = [rowsByMessage(world), ownerOf(world)];
  const transmitted = new Map(world.transmitted.map(({ sid, sentAt }) => [sid, sentAt]));
  const clinicZone = world.clinic.locations[0]?.timeZone ?? 'UTC';
  const bound = fromClinic(world).flatMap((message) => {
    const person = owners.get(message.to.toLowerCase());
    return person === undefined || isExempt(rows.get(message.providerMessageId)) || isAnswer(person, message.acceptedAt) ? [] : [{ message, person }];
  });
  const violations = bound.flatMap(({ message, person }) => {
    const phone = person.words.findLast(({ channel, at }) => channel === 'sms' && at <= message.acceptedAt)?.address;
    // Until a zone has reached the clinic it cannot be kept: the zone in force is the one told by the hand-over.
    const zones = [zoneAt(person, message.acceptedAt) ?? clinicZone, clinicZone];
    return momentsOf(message, transmitted.get(message.providerMessageId)).flatMap(({ at, says }) =>
      zones
        .filter((zone) => !isPermitted(world, at, zone, phone))
        .map((zone): Violation => ({ says: `${says} at ${localTime(at, zone)} in ${zone}`, patientId: person.patientId, at: message.acceptedAt })),
    );
  });
  return { invariant: 6, what: 'nothing is handed over, or can be transmitted, outside the permitted hours', checks: bound.length, violations };
}

const localTime = (at: string, zone: string): string =>
  Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' });

const wordInForce = ({ words }: Person, { to, channel, acceptedAt }: Outside, scope: ContactWord['scope']): ContactWord | undefined =>
  words.findLast((word) => word.channel === channel && word.scope === scope && word.address.toLowerCase() === to.toLowerCase() && word.at <= acceptedAt);

/** Invariant 7. An answer to the patient's own message may still leave; of the STOP itself there is one confirmation. */
export function nothingAfterStop(world: World): Check {
  const [rows, owners] = [rowsByMessage(world), ownerOf(world)];
  const confirmed = new Set<string>();
  let checks = 0;
  const violations = [...world.outside].flatMap((message): Violation[] => {
    const person = owners.get(message.to.toLowerCase());
    if (person === undefined) return [];
    checks += 1;
    const row = rows.get(message.providerMessageId);
    const word = wordInForce(person, message, row?.touchpoint === 'maintenance-recall' ? 'marketing' : 'care');
    if (word?.granted === true) return [];
    const lastText = person.texts.findLast(({ at }) => at <= message.acceptedAt);
    const answers = row === undefined || row.category === 'answer';
    // The withdrawal's own confirmation, once; and an answer to a message that came after it.
    if (answers && lastText !== undefined && (word === undefined || lastText.at > word.at)) return [];
    const confirmation = `${message.to} ${word?.at ?? ''}`;
    if (answers && word !== undefined && !confirmed.has(confirmation)) return (confirmed.add(confirmation), []);
    const says = word === undefined ? `message ${message.n} left without consent` : `message ${message.n} left after the consent was withdrawn at ${word.at}`;
    return [{ says, patientId: person.patientId, at: message.acceptedAt }];
  });
  return { invariant: 7, what: 'nothing but one confirmation after consent is withdrawn', checks, violations };
}

/** Of a check-in that was called off: these say that it lost its sense, or goes another way. */
const lostItsSense = /session|no longer|not part|another|instead|goes by|erased|consultation|course|reaction|merged|plan/i;

/** Invariant 7: a check-in is sent, or a person calls; it is never silenced unseen. */
export function checkInsAreKept(world: World): Check {
  const followed = new Set(world.tasks.flatMap(({ outreachId }) => outreachId ?? []));
  const checkIns = world.outreach.filter(({ touchpoint, dueAt }) => touchpoint === 'check-in' && millis(dueAt) < world.now.getTime());
  const violations = checkIns
    .filter(({ id, status, why }) => status === 'cancelled' && !followed.has(id) && !lostItsSense.test(why ?? ''))
    .map(({ id, why, patientId, dueAt }) => ({ says: `check-in ${id} was called off: ${why ?? 'no reason'}`, patientId, at: dueAt }));
  return { invariant: 7, what: 'a safety check-in is sent or becomes a call, never silenced', checks: checkIns.length, violations };
}

/** "Stop taking", "discontinue", in both languages: what no message may tell a patient of a medicine (invariant 10). */
const tellsToStop = /\b(stop|discontinue|quit)\s+(taking|using)\b[^.]*\b(medicine|medication|prescri|isotretinoin|retinoid|aspirin|blood thinner)/i;
const dejeDeTomar = /\b(deje|suspenda)\s+(de\s+)?(tomar|usar)\b[^.]*\b(medic|recet|isotretino)/i;

/** Invariant 10, of every message to a patient. */
export function noAdvice(world: World): Check {
  const owners = ownerOf(world);
  const messages = fromClinic(world).filter(({ to }) => owners.has(to.toLowerCase()));
  const violations = messages
    .filter((message) => /\{\{|\}\}|\{%|undefined|\[object/.test(wordsOf(message)) || isMedicalOrder(wordsOf(message)))
    .map(({ n, to, acceptedAt }) => ({
      says: `message ${n} has a hole or tells to stop a medicine`,
      patientId: owners.get(to.toLowerCase())?.patientId ?? null,
      at: acceptedAt,
    }));
  return { invariant: 10, what: 'no message has a hole or tells a patient to stop a prescribed medicine', checks: messages.length, violations };
}

/** A sentence that names a prescribed medicine and says stop, unless it says whom to ask first. */
const isMedicalOrder = (words: string): boolean =>
  words
    .split(/(?<=[.!?])\s/)
    .some((sentence) => (tellsToStop.test(sentence) || dejeDeTomar.test(sentence)) && !/\b(not|never|no|ask|unless|sin|pregunte)\b/i.test(sentence));

/** Words of a treatment, which a text message may not carry (invariant 11). */
const procedures = /micro-?needl|peel|laser|\bipl\b|botox|botulinum|filler|dermabrasion|radio-?frequency|ultherap|exfoliaci[oó]n|l[aá]ser/i;

/** Invariant 11, of the texts: the least that is necessary. */
export function textsSayLittle(world: World): Check {
  const [rows, owners] = [rowsByMessage(world), ownerOf(world)];
  const texts = fromClinic(world).filter(
    ({ channel, to, providerMessageId }) => channel === 'sms' && owners.has(to.toLowerCase()) && rows.has(providerMessageId),
  );
  const violations = texts.flatMap((text): Violation[] => {
    const person = owners.get(text.to.toLowerCase());
    const told = [...(person?.secrets ?? []).filter((secret) => text.body.includes(secret)), ...(procedures.exec(text.body) ?? [])];
    return told.length === 0 ? [] : [{ says: `text ${text.n} says "${told.join('", "')}"`, patientId: person?.patientId ?? null, at: text.acceptedAt }];
  });
  return { invariant: 11, what: 'a text message names no surname, birth date or procedure', checks: texts.length, violations };
}
