/*
 * Which sessions make way: of all sets that do, one with the fewest confirmed sessions, and of those one with the fewest
 * sessions. A patient who confirmed has arranged their day.
 */

/** Sets that are tried for the smallest one; beyond that a small one is taken: none of its sessions could have stayed. */
const mostTries = 128;

interface Candidate {
  readonly status: string;
}

const isConfirmed = ({ status }: Candidate) => status === 'confirmed';

/** Every choice of `count` of the list, the earlier ones of it first. */
function* choices<T>(list: readonly T[], count: number): Generator<readonly T[]> {
  if (count === 0) return void (yield []);
  for (const [index, first] of list.entries()) for (const rest of choices(list.slice(index + 1), count - 1)) yield [first, ...rest];
}

/** Every set, the cheapest first. */
function* byPrice<T extends Candidate>(candidates: readonly T[]): Generator<readonly T[]> {
  const [dear, cheap] = [candidates.filter(isConfirmed), candidates.filter((one) => !isConfirmed(one))];
  for (let confirmed = 0; confirmed <= dear.length; confirmed += 1)
    for (let others = 0; others <= cheap.length; others += 1)
      for (const some of choices(dear, confirmed)) for (const more of choices(cheap, others)) yield [...some, ...more];
}

/** Lets one after the other stay, the dearest first, as long as the rest still makes enough room. */
function thinned<T extends Candidate, R>(candidates: readonly T[], whole: R, attempt: (moved: readonly T[]) => R | null): R {
  let [left, answer] = [candidates, whole];
  for (const one of [...candidates].sort((a, b) => Number(isConfirmed(b)) - Number(isConfirmed(a)))) {
    const without = left.filter((other) => other !== one);
    const found = attempt(without);
    if (found !== null) [left, answer] = [without, found];
  }
  return answer;
}

/**
 * The answer for the cheapest set of candidates that, when it moves, gives one; null when not even all of them do. Equal ones
 * are settled by the order of the candidates. `attempt` must answer for every larger set than one it answers for.
 */
export function fewestMoves<T extends Candidate, R>(candidates: readonly T[], attempt: (moved: readonly T[]) => R | null): R | null {
  const stays = attempt([]);
  if (stays !== null || candidates.length === 0) return stays;
  const whole = attempt(candidates);
  if (whole === null) return null;
  let tries = 0;
  for (const moved of byPrice(candidates)) {
    if (moved.length === 0) continue;
    if (moved.length === candidates.length) return whole;
    tries += 1;
    if (tries > mostTries) return thinned(candidates, whole, attempt);
    const found = attempt(moved);
    if (found !== null) return found;
  }
  return whole;
}
