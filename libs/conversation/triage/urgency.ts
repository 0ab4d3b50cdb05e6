/** How soon a person must act, highest first. `ask` costs the patient one approved question, `administrative` is the desk's. */
export const urgencies = ['emergency', 'urgent', 'soon', 'ask', 'expected', 'administrative'] as const;

export type Urgency = (typeof urgencies)[number];

/** The higher of the urgencies; `administrative` when there are none. */
export function highest(...given: readonly Urgency[]): Urgency {
  return urgencies.find((urgency) => given.includes(urgency)) ?? 'administrative';
}

/** Whether `urgency` is `floor` or higher. */
export function atLeast(urgency: Urgency, floor: Urgency): boolean {
  return urgencies.indexOf(urgency) <= urgencies.indexOf(floor);
}

/** The lower of two: how far a rule may go at most. */
export function capped(urgency: Urgency, cap: Urgency): Urgency {
  return atLeast(urgency, cap) ? cap : urgency;
}
