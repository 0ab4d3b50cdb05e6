/*
 * The invariants of the design, checked from outside: what the API says against what the sandbox says reached the world.
 */
import { Temporal } from 'temporal-polyfill';
import type { ClinicDocument } from '#clinic';
import { nextPermitted } from '#messaging';
import type { LogReport } from '#event-store';
import type { Afterglow } from '../worker/afterglow.js';
import type { ClinicClient, OutreachRow, Outside, SessionRow, ThreadMessage } from './clinic-client.js';
import { verifyEverything } from './upkeep.js';

export interface Check {
  readonly invariant: number;
  readonly what: string;
  readonly checks: number;
  readonly violations: readonly string[];
}

const final = ['sent', 'delivered', 'unproven', 'failed', 'missed', 'cancelled'];
const standing = ['booked', 'confirmed', 'arrived', 'completed'];
const finalWithinMillis = 72 * 3_600_000;
const answerWithinMillis = 15 * 60_000;

interface World {
  readonly clinic: ClinicDocument;
  readonly now: Date;
  readonly sessions: readonly SessionRow[];
  readonly outreach: readonly OutreachRow[];
  readonly outside: readonly Outside[];
  /** Phone → instant of its STOP. */
  readonly stops: ReadonlyMap<string, string>;
  /** Instants at which a phone texted. */
  readonly replies: ReadonlyMap<string, readonly string[]>;
}

function overlaps({ sessions }: World): Check {
  const held = sessions
    .filter(({ status }) => standing.includes(status))
    .flatMap((session) => {
      const [from, to] = [Date.parse(session.start), Date.parse(session.end)];
      const turned = to + session.turnoverMinutes * 60_000;
      return [
        [session.providerId, from, to],
        [session.roomId, from, turned],
        [`patient ${session.patientId}`, from, to],
        ...(session.deviceId === null ? [] : [[session.deviceId, from, turned]]),
      ] as [string, number, number][];
    });
  const sorted = [...held].sort((a, b) => (a[0] === b[0] ? a[1] - b[1] : a[0] < b[0] ? -1 : 1));
  const violations = sorted.flatMap(([resource, from], index) => {
    const before = sorted[index - 1];
    return before !== undefined && before[0] === resource && before[2] > from ? [`${resource} is in two sessions at ${new Date(from).toISOString()}`] : [];
  });
  return { invariant: 1, what: 'nobody and nothing is in two sessions at once', checks: held.length, violations };
}

function endsOnce({ outreach, outside, now }: World): Check {
  const sent = new Map<string, number>();
  for (const { providerMessageId, automatic } of outside) if (automatic !== true) sent.set(providerMessageId, (sent.get(providerMessageId) ?? 0) + 1);
  const known = new Set(outreach.map(({ providerMessageId }) => providerMessageId));
  const late = outreach.filter(({ status, dueAt }) => !final.includes(status) && now.getTime() - Date.parse(dueAt) > finalWithinMillis);
  const violations = [
    ...late.map(({ id, status }) => `outreach ${id} is still ${status}`),
    ...[...sent].filter(([, count]) => count > 1).map(([id, count]) => `${id} reached the outside ${count} times`),
    ...[...sent.keys()].filter((id) => !known.has(id)).map((id) => `${id} reached the outside and stands in no ledger`),
    ...outreach
      .filter(({ status, providerMessageId }) => (status === 'sent' || status === 'delivered') && (providerMessageId === null || !sent.has(providerMessageId)))
      .map(({ id }) => `outreach ${id} is called sent and never reached the outside`),
  ];
  return { invariant: 5, what: 'each message ends exactly once', checks: outreach.length + sent.size, violations };
}

function atPermittedHours({ outreach, outside, clinic, replies }: World): Check {
  const exempt = new Set(outreach.filter(({ category }) => category === 'answer' || category === 'page').map(({ providerMessageId }) => providerMessageId));
  const zone = clinic.locations[0]?.timeZone ?? 'UTC';
  const bound = outside.filter(({ providerMessageId, automatic }) => automatic !== true && !exempt.has(providerMessageId));
  const isAnswer = ({ to, acceptedAt }: Outside) =>
    (replies.get(to) ?? []).some((at) => Date.parse(acceptedAt) - Date.parse(at) >= 0 && Date.parse(acceptedAt) - Date.parse(at) <= answerWithinMillis);
  const violations = bound
    .filter((message) => !isAnswer(message))
    .flatMap(({ n, acceptedAt }) => {
      const at = new Date(acceptedAt);
      return nextPermitted(at, [zone], clinic.contactHours)?.getTime() === at.getTime()
        ? []
        : [`message ${n} left at ${Temporal.Instant.from(acceptedAt).toZonedDateTimeISO(zone).toPlainDateTime().toString()}`];
    });
  return { invariant: 6, what: 'nothing leaves outside the permitted hours', checks: bound.length, violations };
}

function nothingAfterStop({ outside, stops }: World): Check {
  const violations = [...stops].flatMap(([phone, at]) => {
    const after = outside.filter(({ to, acceptedAt }) => to === phone && acceptedAt >= at);
    return after.length > 1 ? [`${after.length} messages after a STOP, one confirmation is allowed`] : [];
  });
  return { invariant: 7, what: 'nothing but one confirmation after a STOP', checks: stops.size, violations };
}

function withinCaps({ outreach, clinic }: World): Check {
  const counted = outreach.filter(
    ({ channel, sentAt, category, patientId }) => channel === 'sms' && sentAt !== null && patientId !== null && category !== 'answer' && category !== 'page',
  );
  const violations = counted.flatMap(({ patientId, sentAt }) => {
    const within = (hours: number) =>
      counted.filter(
        (other) =>
          other.patientId === patientId &&
          Date.parse(other.sentAt ?? '') <= Date.parse(sentAt ?? '') &&
          Date.parse(sentAt ?? '') - Date.parse(other.sentAt ?? '') < hours * 3_600_000,
      ).length;
    return within(24) > clinic.messageCaps.perDay || within(168) > clinic.messageCaps.perWeek ? [`${patientId} got too many texts by ${sentAt}`] : [];
  });
  return { invariant: 5, what: 'no patient gets more texts than the caps allow', checks: counted.length, violations };
}

const pagedWithinMillis = 60_000;

/** Every text is heard, and an urgent one pages someone at once. */
async function repliesAreHeard(client: ClinicClient, { replies, outreach }: World): Promise<Check> {
  const said = [...replies.values()].flat().length;
  const threads = await client.all<{ id: string }>('/v1/conversations');
  const messages = (
    await Promise.all(threads.map(({ id }) => client.get<{ messages: ThreadMessage[] }>(`/v1/conversations/${encodeURIComponent(id)}`)))
  ).flatMap((thread) => thread.messages.filter(({ direction }) => direction === 'in'));
  const pages = outreach.filter(({ category, sentAt }) => category === 'page' && sentAt !== null).map(({ sentAt }) => Date.parse(sentAt ?? ''));
  const isPaged = (at: string) => pages.some((sent) => sent >= Date.parse(at) && sent - Date.parse(at) <= pagedWithinMillis);
  const violations = [
    ...(messages.length === said ? [] : [`${said} texts were sent, ${messages.length} are in a conversation`]),
    ...messages.filter(({ triage }) => triage === null || triage === undefined).map(({ at }) => `the text of ${at} was not triaged`),
    ...messages
      .filter(({ triage, at }) => (triage?.urgency === 'urgent' || triage?.urgency === 'emergency') && !isPaged(at))
      .map(({ at }) => `nobody was paged for the text of ${at}`),
  ];
  return { invariant: 8, what: 'every text is heard, and an urgent one pages someone within a minute', checks: said, violations };
}

/** The log is whole, and every read model is what the log gives. */
async function logHolds(afterglow: Afterglow): Promise<Check> {
  const { answer } = await verifyEverything(afterglow, () => undefined);
  const { log, differences, parked } = answer as { log: LogReport; differences: { table: string }[]; parked: { name: string; reason: string }[] };
  const violations = [
    ...(log.broken === null ? [] : [`the log is broken at ${log.broken.where}`]),
    ...differences.map(({ table }) => `${table} is not what the log says`),
    ...parked.map(({ name, reason }) => `${name} could not take an event: ${reason}`),
  ];
  return { invariant: 12, what: 'the log is whole and every read model equals its rebuild', checks: log.events, violations };
}

/** Reads everything and checks it. */
export async function checkInvariants(
  client: ClinicClient,
  afterglow: Afterglow,
  about: Pick<World, 'clinic' | 'now' | 'stops' | 'replies'>,
): Promise<Check[]> {
  const world: World = { ...about, sessions: await client.all('/v1/sessions'), outreach: await client.all('/v1/outreach'), outside: await client.outside() };
  return [
    overlaps(world),
    endsOnce(world),
    withinCaps(world),
    atPermittedHours(world),
    nothingAfterStop(world),
    await repliesAreHeard(client, world),
    await logHolds(afterglow),
  ];
}
