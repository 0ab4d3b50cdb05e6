import { avoidWords } from '#messaging';
import { deterministicId, inTransaction, type Reader } from '#platform';
import type { Afterglow } from '../../worker/afterglow.js';
import { html, type Markup } from './page.js';
import type { Words } from './words.js';

/** What a patient ticks off before a visit. The code says what they use, so it is sealed; that something was ticked is open. */
export const tickedType = 'patient.preparation-ticked.v1';

export interface Step {
  readonly code: string;
  /** In the patient's language. */
  readonly label: string;
  readonly done: boolean;
}

interface Whose {
  readonly patientId: string;
  readonly sessionId: string;
}

/** The codes that are ticked for a visit: the last word on each counts. */
async function ticked({ store }: Pick<Afterglow, 'store'>, db: Reader, { patientId, sessionId }: Whose): Promise<ReadonlySet<string>> {
  const codes = new Set<string>();
  for (const { data } of await store.readPatient(db, patientId, [tickedType])) {
    const { code } = data;
    if (data['sessionId'] !== sessionId || typeof code !== 'string') continue;
    if (data['done'] === true) codes.add(code);
    else codes.delete(code);
  }
  return codes;
}

/** The steps of a visit's preparation in the patient's words, each done or not. A code without words is not asked of anybody. */
export async function checklist(afterglow: Pick<Afterglow, 'store' | 'db'>, whose: Whose, codes: readonly string[], language: 'en' | 'es'): Promise<Step[]> {
  const done = await ticked(afterglow, afterglow.db, whose);
  return codes.flatMap((code) => {
    const label = avoidWords[language][code];
    return label === undefined ? [] : [{ code, label, done: done.has(code) }];
  });
}

/** Records a tick, or that it was taken back. What stands so already gives no event, and a form that is sent twice gives one. */
export async function tick(afterglow: Pick<Afterglow, 'store' | 'db' | 'clock'>, whose: Whose, code: string, done: boolean): Promise<void> {
  const { store, clock } = afterglow;
  const { patientId, sessionId } = whose;
  await inTransaction(afterglow.db, async (trx) => {
    if ((await ticked(afterglow, trx, whose)).has(code) === done) return;
    const before = (await store.readPatient(trx, patientId, [tickedType])).length;
    const id = deterministicId(tickedType, patientId, sessionId, code, String(before));
    const event = { id, type: tickedType, data: { patientId, sessionId, done }, personal: { code }, patientId, occurredAt: clock.now() };
    await store.append(trx, [{ stream: `patient/${patientId}`, expected: 'any', events: [{ ...event, meta: { source: 'patient-page' } }] }]);
  });
}

/** One tap ticks a step, another takes it back. */
export const checklistView = (base: string, words: Words, steps: readonly Step[]): Markup =>
  html`<h2>${words.ticking}</h2>
    <p class="soft">${words.tickingHow}</p>
    <ul class="ticks">
      ${steps.map(
        ({ code, label, done }) =>
          html`<li>
            <form method="post" action="${`${base}/preparation`}">
              <input type="hidden" name="done" value="${done ? 'no' : 'yes'}" /><button name="code" value="${code}" aria-pressed="${done ? 'true' : 'false'}">
                ${label}
              </button>
            </form>
          </li>`,
      )}
    </ul>`;
