import { createRequire } from 'node:module';
import type * as Highs from 'highs';
import type { PlanRequest } from '#scheduling';
import { sessionsAlone } from './exhaustive-planner.js';
import { ScheduleRules } from './schedule-rules.js';

// Its types describe the CommonJS form, which a default import does not reach.
const loadHighs = createRequire(import.meta.url)('highs') as typeof Highs.default.default;
const highs = await loadHighs();
const DAY_MS = 86_400_000;

/** The days on which an item may be treated, from 0 on, each with what its best hour costs. */
export type OpenDays = readonly (readonly [day: number, cost: number])[];

/**
 * The least cost of a course by an integer program, or null when it is infeasible. It knows of days only, so it is
 * right where different items keep days between each other and an item between its own sessions, and where nothing
 * holds one item back longer than another (no clearances or past treatments).
 */
export function integerOptimum(request: PlanRequest, openDays: readonly OpenDays[]): number | null {
  const { Status, ObjectiveValue } = highs.solve(new IntegerProgram(request, openDays).text());
  if (Status === 'Infeasible') return null;
  if (Status !== 'Optimal') throw new Error(`the integer program ended as ${Status}`);
  return Math.round(ObjectiveValue);
}

/** The open days of each item as the rules of the public contract give them, read start by start. */
export function openDaysOf(request: PlanRequest): OpenDays[] {
  const rules = new ScheduleRules(request);
  const first = Date.parse(rules.dateOf(Date.parse(request.notBefore)));
  return request.course.items.map((_item, index) => {
    const costs = new Map<number, number>();
    for (const session of sessionsAlone(request, index, rules)) {
      const day = (Date.parse(rules.dateOf(Date.parse(session.start))) - first) / DAY_MS;
      costs.set(day, Math.min(costs.get(day) ?? 2, rules.isPreferred(session) ? 0 : 2));
    }
    return [...costs];
  });
}

interface Row {
  readonly index: number;
  readonly protocolId: string;
  /** The places of its sessions in the item, from 0 on. */
  readonly numbers: readonly number[];
  readonly days: OpenDays;
}

const x = ({ index }: Row, number: number, day: number): string => `x_${index}_${number}_${day}`;
const sum = (terms: readonly string[]): string => (terms.length === 0 ? '0 first' : terms.join(' + '));

/** In the LP format of CPLEX. `x_i_k_d`: session k of item i lies on day d; `off_i_k`: days off the ideal gap before it. */
class IntegerProgram {
  private readonly rows: readonly Row[];

  constructor(
    private readonly request: PlanRequest,
    openDays: readonly OpenDays[],
  ) {
    this.rows = request.course.items.map(({ protocolId, sessions }, index) => {
      return { index, protocolId, numbers: Array.from({ length: sessions }, (_session, number) => number), days: openDays[index]! };
    });
  }

  text(): string {
    const objective = this.rows.flatMap((row) => [
      ...row.numbers.slice(1).map((number) => `off_${row.index}_${number}`),
      ...row.days.filter(([, cost]) => cost > 0).flatMap(([day, cost]) => row.numbers.map((number) => `${cost} ${x(row, number, day)}`)),
    ]);
    const isFirst = `${sum(this.rows.map(({ index }) => `is_first_${index}`))} = 1`;
    const constraints = [isFirst, ...this.rows.flatMap((row) => [...this.placed(row), ...this.gaps(row), ...this.spaced(row)])];
    const binaries = this.rows.flatMap((row) => [`is_first_${row.index}`, ...row.numbers.flatMap((number) => row.days.map(([day]) => x(row, number, day)))]);
    const lines = constraints.map((constraint, index) => ` c${index}: ${constraint}`).join('\n');
    return `Minimize\n obj: ${sum(['first', ...objective])}\nSubject To\n${lines}\nBinary\n ${binaries.join('\n ')}\nEnd\n`;
  }

  /** Each session on one day; the day of the course's first session is no earlier than that of the item chosen to be first. */
  private placed(row: Row): string[] {
    const { horizonDays } = this.request;
    const first = `first ${this.dayOf(row, 0, '-')} - ${horizonDays} is_first_${row.index} >= -${horizonDays}`;
    return [first, ...row.numbers.map((number) => `${sum(row.days.map(([day]) => x(row, number, day)))} = 1`)];
  }

  private gaps(row: Row): string[] {
    const { min, ideal, max } = this.request.protocols[row.protocolId]!.intervalDays;
    return row.numbers.slice(1).flatMap((number) => {
      const gap = `${this.dayOf(row, number, '+')} ${this.dayOf(row, number - 1, '-')}`;
      const off = `off_${row.index}_${number}`;
      return [`${gap} >= ${min}`, `${gap} <= ${max}`, `${gap} - ${off} <= ${ideal}`, `${gap} + ${off} >= ${ideal}`];
    });
  }

  private dayOf(row: Row, number: number, sign: '+' | '-'): string {
    return row.days.map(([day]) => `${sign} ${day} ${x(row, number, day)}`).join(' ');
  }

  /** A session on a day leaves none of a later listed item on the days too near to it. */
  private spaced(row: Row): string[] {
    const others = this.rows.slice(row.index + 1).flatMap((other) => other.numbers.map((number) => ({ other, number })));
    return others.flatMap(({ other, number: otherNumber }) => {
      const [before, after] = [this.leastDays(other, row), this.leastDays(row, other)];
      return row.numbers.flatMap((number) =>
        row.days.flatMap(([day]) => {
          const near = other.days.filter(([otherDay]) => otherDay > day - before && otherDay < day + after);
          return near.length === 0 ? [] : [`${x(row, number, day)} + ${sum(near.map(([otherDay]) => x(other, otherNumber, otherDay)))} <= 1`];
        }),
      );
    });
  }

  private leastDays(from: Row, to: Row): number {
    const rules = this.request.spacing.filter((rule) => rule.from === from.protocolId && rule.to === to.protocolId);
    return Math.max(0, ...rules.map(({ minDays }) => minDays));
  }
}
