import type { PlannedSession, PlanRequest } from '#scheduling';
import { Temporal } from 'temporal-polyfill';

type Role = 'provider' | 'room' | 'device';
type Open = Pick<PlanRequest['clinic'], 'hours' | 'extraHours'> & { readonly closed?: readonly string[] };

/**
 * The scheduling rules of the public contract, section 7, written a second time: straight from the text, slow, and
 * sharing nothing with the engine. The tests hold the engine to it.
 */
export class ScheduleRules {
  private readonly dates = new Map<number, string>();
  private readonly instants = new Map<string, number>();

  private readonly earliest: string;

  constructor(readonly request: PlanRequest) {
    this.earliest = this.earliestDate();
  }

  /** Every start that the grid offers, as milliseconds, in order. */
  gridStarts(): number[] {
    const { request } = this;
    const from = Date.parse(request.notBefore);
    const first = this.dateOf(from);
    const starts: number[] = [];
    for (let day = 0; day < request.horizonDays; day++) {
      const date = plus(first, day);
      const opens = this.opensAt(date);
      const closes = this.opensAt(plus(date, 1));
      for (let at = opens; at < closes; at += request.clinic.gridMinutes * 60_000) if (at >= from) starts.push(at);
    }
    return starts;
  }

  /** The rules that a session breaks, coming after `earlier` ones of the course (all that start before it). */
  broken(session: PlannedSession, earlier: readonly PlannedSession[]): string[] {
    const rules = [...this.brokenAlone(session)];
    for (const other of earlier) rules.push(...this.brokenBetween(other, session));
    return rules;
  }

  /** What the schedule costs, from its sessions in time order. */
  cost(sessions: readonly PlannedSession[]): number {
    const { bestOn } = this.request;
    const waiting = bestOn === undefined ? days(this.earliest, this.dateOf(Date.parse(sessions[0]!.start))) : this.unusedBefore(bestOn, sessions);
    return sessions.reduce((sum, session) => sum + this.gapCost(session, sessions) + (this.isPreferred(session) ? 0 : 2), waiting);
  }

  /** Days between the end of the last healing and the day on which the skin is to be at its best; nothing until all is placed. */
  private unusedBefore(bestOn: string, sessions: readonly PlannedSession[]): number {
    const { course, protocols } = this.request;
    const bearing = sessions.filter(({ item }) => this.isForBest(item));
    const all = course.items.reduce((sum, item, index) => sum + (this.isForBest(index) ? item.sessions : 0), 0);
    if (bearing.length < all) return 0;
    const healed = bearing.map(({ start, protocolId }) => plus(this.dateOf(Date.parse(start)), protocols[protocolId]!.downtimeDays));
    return Math.max(
      0,
      days(
        healed.reduce((a, b) => (a > b ? a : b)),
        bestOn,
      ) - 1,
    );
  }

  private isForBest(item: number): boolean {
    return this.request.bestItems?.includes(item) ?? true;
  }

  /** The course's earliest permitted date. */
  private earliestDate(): string {
    const { request } = this;
    const start = this.dateOf(Date.parse(request.notBefore));
    const earliest = request.course.items.map(({ protocolId }) => {
      const clear = request.patient.clear.filter((entry) => entry.protocolId === protocolId).map(({ notBefore }) => notBefore);
      const treated = request.patient.treated.flatMap((entry) => {
        const gaps = this.spacings(entry.protocolId, protocolId);
        if (entry.protocolId === protocolId) gaps.push(request.protocols[protocolId]!.intervalDays.min);
        return gaps.map((gap) => plus(entry.on, gap));
      });
      return [start, ...clear, ...treated].reduce((a, b) => (a >= b ? a : b));
    });
    return earliest.reduce((a, b) => (a <= b ? a : b));
  }

  /** Negative when the first schedule comes before the second among those of equal cost. */
  static compare(a: readonly PlannedSession[], b: readonly PlannedSession[]): number {
    const keys: ((session: PlannedSession) => (string | number)[])[] = [
      ({ start }) => [Date.parse(start)],
      ({ providerId, roomId, deviceId }) => [providerId, roomId, deviceId ?? ''],
      ({ item }) => [item],
    ];
    for (const key of keys) {
      const [left, right] = [a.flatMap(key), b.flatMap(key)];
      for (const [index, value] of left.entries()) if (value !== right[index]) return value < right[index]! ? -1 : 1;
    }
    return 0;
  }

  dateOf(at: number): string {
    let date = this.dates.get(at);
    if (!date) {
      date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(this.request.clinic.timeZone).toPlainDate().toString();
      this.dates.set(at, date);
    }
    return date;
  }

  *brokenAlone(session: PlannedSession): Generator<string> {
    const { request } = this;
    const { patient, clinic } = request;
    const [start, end] = [Date.parse(session.start), Date.parse(session.end)];
    const date = this.dateOf(start);
    const protocol = request.protocols[session.protocolId]!;
    const provider = request.providers.find(({ id }) => id === session.providerId);
    const room = request.rooms.find(({ id }) => id === session.roomId);
    const able = request.devices.filter(({ protocols }) => protocols.includes(session.protocolId)).flatMap(unitsOf);
    const unit = able.find(({ id }) => id === session.deviceId);
    const taken = (role: Role, ranges: readonly { from: string; to: string }[]): boolean =>
      this.held(session, role).some((part) => ranges.some((range) => overlaps(part, range)));
    const busy = (id: string | null, role: Role): boolean =>
      taken(
        role,
        request.busy.filter((range) => range.resource === id),
      );
    const validUntil = provider?.validUntil[session.protocolId];
    if (end - start !== protocol.durationMinutes * 60_000) yield 'end';
    if ((start - this.at(date, '00:00')) % (clinic.gridMinutes * 60_000) !== 0) yield 'grid';
    if (start < Date.parse(request.notBefore)) yield 'notBefore';
    if (days(this.dateOf(Date.parse(request.notBefore)), date) >= request.horizonDays) yield 'horizon';
    if (!this.within(clinic, date, start, end)) yield 'clinic hours';
    if (clinic.closures?.some((range) => overlaps([start, end], range))) yield 'closure';
    if (!provider?.protocols.includes(session.protocolId)) yield 'provider';
    if (!provider || !this.held(session, 'provider').every(([from, to]) => this.within(provider, date, from, to))) yield 'provider hours';
    if (taken('provider', provider?.absences ?? []) || taken('room', room?.closed ?? []) || taken('device', unit?.downtime ?? [])) yield 'out of use';
    if (validUntil !== undefined && date > validUntil) yield 'licence';
    if (!room?.protocols.includes(session.protocolId)) yield 'room';
    if (able.length === 0 ? session.deviceId !== null : !unit) yield 'device';
    if (busy(session.providerId, 'provider') || busy(session.roomId, 'room') || busy(session.deviceId, 'device')) yield 'busy';
    if (patient.unavailable.some((range) => overlaps([start, end], range))) yield 'unavailable';
    if (patient.clear.some((entry) => entry.protocolId === session.protocolId && date < entry.notBefore)) yield 'clear';
    if (patient.socialEvents.some(({ on }) => inside(days(date, on), 0, protocol.downtimeDays))) yield 'social event';
    if (request.bestOn !== undefined && !this.isHealed(session, days(date, request.bestOn) - protocol.downtimeDays)) yield 'best on';
    if (patient.treated.some((entry) => this.tooNearTreated(session, date, entry))) yield 'treated';
  }

  *brokenBetween(first: PlannedSession, second: PlannedSession): Generator<string> {
    const gap = days(this.dateOf(Date.parse(first.start)), this.dateOf(Date.parse(second.start)));
    const { min, max } = this.request.protocols[second.protocolId]!.intervalDays;
    const start = Date.parse(second.start);
    const clash = (role: Role): boolean =>
      this.held(first, role).some(([from, to]) => this.held(second, role).some(([begin, end]) => from < end && begin < to));
    const follows = first.item === second.item && first.number + 1 === second.number;
    if (Date.parse(first.start) >= start || (first.item === second.item && first.number >= second.number)) yield 'order';
    if (start < Date.parse(first.end)) yield 'patient twice';
    if (follows && !inside(gap, min, max)) yield 'interval';
    if (first.item !== second.item && this.spacings(first.protocolId, second.protocolId).some((least) => gap < least)) yield 'spacing';
    if (first.roomId === second.roomId && clash('room')) yield 'room twice';
    if (first.deviceId !== null && first.deviceId === second.deviceId && clash('device')) yield 'device twice';
  }

  /** When a session holds a role, in milliseconds: each of its segments that names it, and the turnover after the last. */
  private held({ start, protocolId }: PlannedSession, role: Role): [number, number][] {
    const { durationMinutes, turnoverMinutes, segments } = this.request.protocols[protocolId]!;
    const parts = segments ?? [{ minutes: durationMinutes, holds: ['provider', 'room', 'device'] as const }];
    const held: [number, number][] = [];
    let at = Date.parse(start);
    for (const { minutes, holds } of parts) {
      const end = at + minutes * 60_000;
      if (holds.some((one) => one === role)) held.push([at, end]);
      at = end;
    }
    if (role !== 'provider') held.push(...held.slice(-1).map(([, end]): [number, number] => [end, end + turnoverMinutes * 60_000]));
    return held;
  }

  /** `spare`: the days from the end of the session's healing to the day on which the skin is to be at its best. */
  private isHealed({ item, protocolId }: PlannedSession, spare: number): boolean {
    const isAfter = spare + this.request.protocols[protocolId]!.downtimeDays < 0;
    return spare > 0 || (isAfter && !this.isForBest(item));
  }

  private tooNearTreated({ protocolId }: PlannedSession, date: string, treated: { protocolId: string; on: string }): boolean {
    const gap = days(treated.on, date);
    if (treated.protocolId === protocolId && gap < this.request.protocols[protocolId]!.intervalDays.min) return true;
    if (gap >= 0) return this.spacings(treated.protocolId, protocolId).some((least) => gap < least);
    return this.spacings(protocolId, treated.protocolId).some((least) => -gap < least);
  }

  private gapCost(session: PlannedSession, sessions: readonly PlannedSession[]): number {
    const before = sessions.find(({ item, number }) => item === session.item && number === session.number - 1);
    if (!before) return 0;
    const gap = days(this.dateOf(Date.parse(before.start)), this.dateOf(Date.parse(session.start)));
    return Math.abs(gap - this.request.protocols[session.protocolId]!.intervalDays.ideal);
  }

  /** Whether a session costs nothing by its hour: inside one preferred window, or none was asked. */
  isPreferred(session: PlannedSession): boolean {
    const { preferred } = this.request.patient;
    const [start, end] = [Date.parse(session.start), Date.parse(session.end)];
    const date = this.dateOf(start);
    const contains = ([from, to]: [number, number]): boolean => from <= start && end <= to;
    const windows = preferred.filter(({ weekday }) => weekday === weekdayOf(date));
    return preferred.length === 0 || windows.some(({ from, to }) => contains([this.at(date, from), this.at(date, to)]));
  }

  /** A session lies within hours when one range, or several that touch, hold it whole. */
  private within(open: Open, date: string, start: number, end: number): boolean {
    const { hours, closed = [], extraHours = [] } = open;
    const usual = closed.includes(date) ? [] : (hours[String(weekdayOf(date)) as keyof typeof hours] ?? []);
    const ranges = [...usual, ...extraHours.filter(({ on }) => on === date).flatMap((extra) => extra.hours)];
    let reached = start;
    for (let before = NaN; reached !== before;) {
      before = reached;
      for (const [from, to] of ranges) {
        const [opens, closes] = [this.at(date, from), this.at(date, to)];
        if (opens <= reached && closes > reached) reached = closes;
      }
    }
    return reached >= end;
  }

  private at(date: string, time: string): number {
    const key = `${date} ${time}`;
    const known = this.instants.get(key);
    if (known !== undefined) return known;
    const at = this.resolve(date, time);
    this.instants.set(key, at);
    return at;
  }

  private resolve(date: string, time: string): number {
    if (time === '24:00') return this.opensAt(plus(date, 1));
    if (time === '00:00') return this.opensAt(date);
    return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: this.request.clinic.timeZone, plainTime: Temporal.PlainTime.from(time) })
      .epochMilliseconds;
  }

  private opensAt(date: string): number {
    return Temporal.PlainDate.from(date).toZonedDateTime(this.request.clinic.timeZone).epochMilliseconds;
  }

  private spacings(from: string, to: string): number[] {
    // A rule of no days says nothing.
    return this.request.spacing.filter((rule) => rule.from === from && rule.to === to && rule.minDays > 0).map(({ minDays }) => minDays);
  }
}

/** The units of a device, named as the answer names them. */
export function unitsOf({ id, units = 1, downtime = [] }: PlanRequest['devices'][number]) {
  return Array.from({ length: units }, (_unit, index) => ({
    id: index === 0 ? id : `${id}#${index + 1}`,
    downtime: downtime.filter(({ unit }) => unit === undefined || unit === index + 1),
  }));
}

function days(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

function plus(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** Sunday is 7. */
function weekdayOf(date: string): number {
  return new Date(date).getUTCDay() || 7;
}

function inside(value: number, from: number, to: number): boolean {
  return from <= value && value <= to;
}

function overlaps([start, end]: [number, number], range: { from: string; to: string }): boolean {
  return start < Date.parse(range.to) && Date.parse(range.from) < end;
}
