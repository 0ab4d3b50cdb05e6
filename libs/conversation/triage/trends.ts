import type { Trend } from './lexicon/lexicon.js';
import type { Mark, Reading } from './reading.js';
import type { Standing } from './standing.js';

/** What the words of trend and strength say about one symptom. */
export interface TrendOf {
  readonly worse: boolean;
  readonly strong: boolean;
  readonly unchanged: boolean;
  readonly better: boolean;
}

/** Number of the clause that each token stands in: clauses end at points, commas and words of contrast. */
function clausesOf({ tokens, marks }: Reading): number[] {
  const contrast = new Set(marks.filter(({ meaning }) => meaning.kind === 'contrast').map(({ start }) => start));
  let clause = 0;
  return tokens.map(({ kind }, at) => {
    if (kind === 'stop' || kind === 'comma' || contrast.has(at)) clause += 1;
    return clause;
  });
}

const noTrend: TrendOf = { worse: false, strong: false, unchanged: false, better: false };

/** Severe counts as worse: both turn a symptom into its worsening flag (rule 3). */
const effects: Readonly<Record<Trend, Partial<TrendOf>>> = {
  worse: { worse: true },
  severe: { worse: true },
  very: { strong: true },
  unchanged: { unchanged: true },
  better: { better: true },
};

const union = (a: TrendOf, b: Partial<TrendOf>): TrendOf => ({
  worse: a.worse || (b.worse ?? false),
  strong: a.strong || (b.strong ?? false),
  unchanged: a.unchanged || (b.unchanged ?? false),
  better: a.better || (b.better ?? false),
});

/**
 * Which trend words belong to which symptom: those of its own clause; and those that raise, when their clause names no
 * symptom (`red on my chin, getting worse`), to every symptom of the text. An improvement counts only within its clause or
 * the next of the same sentence.
 */
export function trendsOf(reading: Reading, standings: ReadonlyMap<Mark, Standing>): { of(mark: Mark): TrendOf; unattached: boolean } {
  const clauses = clausesOf(reading);
  const symptomClauses = new Set(reading.marks.filter(({ meaning }) => meaning.kind === 'symptom').map(({ start }) => clauses[start]));
  const byClause = new Map<number | undefined, TrendOf>();
  let everywhere = noTrend;
  let unattached = false;
  for (const mark of reading.marks) {
    if (mark.meaning.kind !== 'trend' || standings.get(mark) !== 'affirmed') continue;
    const effect = effects[mark.meaning.trend];
    const clause = clauses[mark.start];
    byClause.set(clause, union(byClause.get(clause) ?? noTrend, effect));
    if (symptomClauses.has(clause)) continue;
    everywhere = union(everywhere, { ...effect, better: false });
    unattached ||= mark.meaning.trend === 'worse';
  }
  const opening = new Map(clauses.map((clause, at) => [clause, reading.tokens[at]?.kind] as const).reverse());
  const next = (mark: Mark): Partial<TrendOf> => {
    const following = (clauses[mark.start] ?? 0) + 1;
    const sameSentence = opening.has(following) && opening.get(following) !== 'stop';
    return sameSentence && !symptomClauses.has(following) ? { better: byClause.get(following)?.better ?? false } : {};
  };
  return { of: (mark) => union(union(byClause.get(clauses[mark.start]) ?? noTrend, everywhere), next(mark)), unattached };
}
