/**
 * The catalogue's triage rules over a reading. The invariants kept here:
 * 9. Automation may raise an urgency, never lower it: what is found is only ever added up to the highest. A plainly negated
 *    red flag is `ask`, something past or supposed at least `ask`, a past emergency `urgent`.
 * 10. The judgement ends in keys of approved templates (`answers.ts`), never in advice.
 */
import { emergencyCodes, expectedOn, redFlagAnywhere, redFlagOn } from '#protocols';
import type { Mark, Reading } from './reading.js';
import { type Standing, standingsOf } from './standing.js';
import { trendsOf } from './trends.js';
import { atLeast, capped, highest, type Urgency } from './urgency.js';
import { askedWhenStrong, heatOrPain, injectionSigns, isInjection, urgentWhenWorse, warningSigns, worsenedForm } from './warning-signs.js';

/** A treatment whose recovery is still watched, and how many local clinic days ago it was completed (day 0 = that day). */
export interface RecoveryContext {
  readonly protocolId: string;
  readonly day: number;
}

/** One thing that the text says, after the rules. `rule` names the rule and what it matched. */
export interface Judgement {
  readonly urgency: Urgency;
  readonly rule: string;
  readonly code: string | null;
}

interface Statement {
  readonly code: string;
  readonly variant: string | null;
  readonly standing: Standing;
  readonly worse: boolean;
  readonly strong: boolean;
  readonly unchanged: boolean;
  readonly better: boolean;
  readonly besideHeatOrPain: boolean;
}

/** Rule 9c begins after this day. */
const lastDayOfPlainRedness = 3;

/** Rules 1, 2, 4 and 5: a code by itself, in one recovery. */
function level(code: string, { protocolId, day }: RecoveryContext): { urgency: Urgency; rule: string } {
  if (emergencyCodes.includes(code)) return { urgency: 'emergency', rule: '1' };
  if (code === 'eye_pain' && isInjection(protocolId)) return { urgency: 'emergency', rule: '1' };
  const flag = redFlagOn(protocolId, code, day);
  if (flag !== null) return { urgency: flag, rule: '2' };
  if (expectedOn(protocolId, code, day)) return { urgency: 'expected', rule: '4' };
  if (!warningSigns.has(code)) return { urgency: 'ask', rule: '5' };
  const elsewhere = injectionSigns.has(code) && !isInjection(protocolId) ? 'soon' : 'urgent';
  return { urgency: capped(redFlagAnywhere(code) ?? 'urgent', elsewhere), rule: '2:outside' };
}

/** Without a recent treatment nothing explains a symptom: warnings keep the highest urgency that any protocol gives them. */
function levelAlone(code: string): { urgency: Urgency; rule: string } {
  const flag = warningSigns.has(code) ? redFlagAnywhere(code) : null;
  return { urgency: highest(flag ?? 'soon', emergencyCodes.includes(code) ? 'emergency' : 'soon'), rule: flag === null ? '5:no-treatment' : '2:no-treatment' };
}

const isWarning = (code: string, contexts: readonly RecoveryContext[]) =>
  warningSigns.has(code) || contexts.some(({ protocolId, day }) => redFlagOn(protocolId, code, day) !== null);

/** Rule 3: growing, returning, severe. Where the protocol does not flag the worsened form, a person looks all the same. */
function worsened({ code }: Statement, context: RecoveryContext | null): Judgement {
  const form = worsenedForm[code];
  if (form === undefined) return { urgency: urgentWhenWorse.has(code) ? 'urgent' : 'soon', rule: '3:worsening', code };
  const { urgency } = context === null ? levelAlone(form) : level(form, context);
  return { urgency: highest(urgency, 'soon'), rule: '3:worsening', code: form };
}

/** What the variants of the lexicon add to a code. */
function variantLevel({ code, variant }: Statement, context: RecoveryContext | null): Judgement | null {
  if (variant === 'heavy') return { urgency: 'urgent', rule: '3:heavy', code };
  if (variant !== 'plain') return null;
  // Pain out of proportion is the first sign of an occlusion: after an injection unqualified pain is not asked about first.
  const occlusion = code === 'pain_mild' && context !== null && redFlagOn(context.protocolId, 'worsening_pain', context.day) === 'emergency';
  return { urgency: occlusion ? 'urgent' : 'ask', rule: occlusion ? '2:occlusion' : '5:unqualified', code };
}

/** Rule 9c: red is not judged by the day alone; the text may already answer the question about its trend. */
function needsTrend({ code, better, besideHeatOrPain }: Statement, context: RecoveryContext): boolean {
  return code === 'redness' && context.day > lastDayOfPlainRedness && (!better || besideHeatOrPain);
}

function affirmed(statement: Statement, context: RecoveryContext | null): Judgement[] {
  const { code } = statement;
  const own = context === null ? levelAlone(code) : level(code, context);
  const found: Judgement[] = [{ ...own, code }];
  const variant = variantLevel(statement, context);
  if (variant !== null) found.push(variant);
  if (statement.worse || statement.variant === 'fierce') found.push(worsened(statement, context));
  if (statement.unchanged) found.push({ urgency: 'soon', rule: '3:not-improving', code });
  if (statement.strong && askedWhenStrong.has(code)) found.push({ urgency: 'ask', rule: '3:strong', code });
  if (context !== null && needsTrend(statement, context)) found.push({ urgency: 'ask', rule: '9c', code });
  return found;
}

/** What a symptom weighs over all open recoveries, by how it is meant (invariant 9, rule 7). */
function weigh(statement: Statement, contexts: readonly RecoveryContext[]): Judgement[] {
  const { code, standing, variant } = statement;
  if (variant === 'normal') return [{ urgency: 'ask', rule: `9:negated:${code}`, code: null }];
  const now = contexts.length === 0 ? affirmed(statement, null) : contexts.flatMap((context) => affirmed(statement, context));
  if (standing === 'affirmed')
    return now.map((judgement) => ({ ...judgement, rule: judgement.rule.includes(':') ? judgement.rule : `${judgement.rule}:${judgement.code}` }));
  if (standing === 'negated')
    return isWarning(code, contexts)
      ? [{ urgency: 'ask', rule: `9:negated:${code}`, code: null }]
      : [{ urgency: 'administrative', rule: `9:absent:${code}`, code: null }];
  if (standing === 'supposed') return [{ urgency: 'ask', rule: `9:supposed:${code}`, code }];
  const wasEmergency = now.some(({ urgency }) => urgency === 'emergency');
  return [{ urgency: wasEmergency ? 'urgent' : 'ask', rule: `9:past:${code}`, code }];
}

function weighConcern(floor: Urgency, standing: Standing): Judgement[] {
  const grave = atLeast(floor, 'urgent');
  if (standing === 'negated') return grave ? [{ urgency: 'ask', rule: '9:negated', code: null }] : [];
  if (!grave) return [{ urgency: floor, rule: '6:concern', code: null }];
  if (standing === 'supposed') return [{ urgency: 'ask', rule: '9:supposed', code: null }];
  if (standing === 'past') return [{ urgency: floor === 'emergency' ? 'urgent' : 'ask', rule: '9:past', code: null }];
  return [{ urgency: floor, rule: floor === 'emergency' ? '1:concern' : '6:concern', code: null }];
}

function statementsOf(reading: Reading, standings: ReadonlyMap<Mark, Standing>, trends: ReturnType<typeof trendsOf>): Statement[] {
  const symptoms = reading.marks.filter(({ meaning }) => meaning.kind === 'symptom');
  const now = (mark: Mark) => standings.get(mark) === 'affirmed' && mark.meaning.kind === 'symptom' && heatOrPain.has(mark.meaning.code);
  const besideHeatOrPain = symptoms.some(now);
  const isMeasured = symptoms.some(({ meaning }) => meaning.kind === 'symptom' && (meaning.variant === 'normal' || meaning.variant === 'number'));
  return symptoms.flatMap((mark): Statement[] => {
    if (mark.meaning.kind !== 'symptom') return [];
    const trend = trends.of(mark);
    const { code, variant } = mark.meaning;
    // "My temperature is 98.6": the word only names what was measured.
    if (variant === 'measured' && isMeasured) return [];
    return [{ code, variant, standing: standings.get(mark) ?? 'affirmed', besideHeatOrPain, ...trend }];
  });
}

/** Everything that the text says, judged; rules 1 to 5, 7 and 9. Nothing here knows of digits, photos or wishes. */
export function judge(reading: Reading, contexts: readonly RecoveryContext[]): Judgement[] {
  const standings = standingsOf(reading);
  const trends = trendsOf(reading, standings);
  const symptoms = statementsOf(reading, standings, trends).flatMap((statement) => weigh(statement, contexts));
  const concerns = reading.marks.flatMap((mark) =>
    mark.meaning.kind === 'concern' ? weighConcern(mark.meaning.floor, standings.get(mark) ?? 'affirmed') : [],
  );
  const loose = trends.unattached ? [{ urgency: 'ask' as const, rule: '3:trend', code: null }] : [];
  return [...symptoms, ...concerns, ...loose];
}
