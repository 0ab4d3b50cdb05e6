import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { approveTemplate, clinicProjection, draftTemplate, templateVersions } from '#clinic';
import { compareWithLog } from '#event-store';
import { listOutreach } from '#follow-up';
import { shipped } from '#messaging';
import { inTransaction } from '#platform';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { OutreachDesk } from './support/outreach.js';

let database: TestDatabase;
let clinic = 0;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(async () => database.close());
const open = () => new OutreachDesk(database.open(`templates-${(clinic += 1)}`, 22), '2026-12-01T15:00:00Z');

const name = { key: 'reminder', language: 'en' } as const;
const text = { ...shipped('reminder', 'en'), sms: '{{clinic}}: until {{date}}, {{time}}! 1 confirms, 2 asks for another time. {{phone}}' };
const draft = (at: OutreachDesk, sms = text.sms) => inTransaction(at.db, (trx) => draftTemplate(trx, at, { ...name, text: { ...text, sms }, by: 'desk' }));
const approve = (at: OutreachDesk, version: number) => inTransaction(at.db, (trx) => approveTemplate(trx, at, { ...name, version, by: 'dr-okafor' }));
const reminders = (at: OutreachDesk) => at.sms.accepted.map(({ body }) => body).filter((body) => body.includes('another time'));

test('a draft changes nothing that is sent; approved it is what is sent, and the log names its version (invariants 10 and 14)', async () => {
  const at = open();
  await at.register();
  await at.book('2026-12-15T15:00:00.000Z', '2027-01-12T15:00:00.000Z');
  expect([await draft(at), await draft(at)]).toEqual([2, 2]);
  await at.play('2026-12-15T20:00:00Z', 120);
  expect(reminders(at).at(-1)).toMatch(/see you/);
  await approve(at, 2);
  await approve(at, 2);
  await at.play('2027-01-12T20:00:00Z', 120);
  expect(reminders(at).at(-1)).toMatch(/until Tue, Jan 12/);
  const sent = (await at.store.readPatient(at.db, at.patientId)).filter(({ type, data }) => type === 'outreach.sent.v1' && data['touchpoint'] === 'reminder');
  expect([...new Set(sent.map(({ data }) => data['textVersion']))]).toEqual([1, 2]);
  const log = (await at.store.readStream(at.db, 'clinic')).filter(({ type }) => type.startsWith('template.'));
  expect(log.map(({ type, data }) => [type, data['version'], data['by']])).toEqual([
    ['template.drafted.v1', 2, 'desk'],
    ['template.approved.v1', 2, 'dr-okafor'],
  ]);
});

test('what may have left is looked for as it was written, whatever was approved since (invariant 5)', async () => {
  const at = open();
  await at.register();
  await at.book('2026-12-15T15:00:00.000Z');
  const due = (await listOutreach(at.db, { limit: 200 })).items
    .filter(({ touchpoint, channel }) => touchpoint === 'reminder' && channel === 'sms')
    .map(({ dueAt }) => Date.parse(dueAt));
  await at.play(new Date(Math.min(...due) - 1).toISOString(), 240);
  at.sms.plan.push({ answer: { kind: 'in-doubt', why: 'no answer' }, accepts: true });
  at.clock.moveTo(new Date(Math.min(...due)));
  await at.settle();
  await draft(at);
  await approve(at, 2);
  await at.play(new Date(Math.min(...due) + 30 * 60_000).toISOString(), 5);
  expect(reminders(at)).toHaveLength(1);
  const [first] = (await listOutreach(at.db, { limit: 200 })).items.filter(
    ({ touchpoint, channel, status }) => touchpoint === 'reminder' && channel === 'sms' && status === 'sent',
  );
  expect(first).toBeDefined();
});

test('only the draft that was read is approved, and only a text that may be sent', async () => {
  const at = open();
  await at.register();
  await expect(approve(at, 2)).rejects.toMatchObject({ code: 'template_draft_unknown' });
  await draft(at);
  await draft(at, `${text.sms} Bye.`);
  await expect(approve(at, 2)).rejects.toMatchObject({ code: 'template_draft_changed' });
  await expect(draft(at, `${text.sms} Reply YES`)).rejects.toMatchObject({ code: 'template_not_allowed', details: { path: 'sms' } });
  await approve(at, 3);
  expect((await templateVersions(at.db)).map(({ version, approvedBy }) => [version, approvedBy])).toEqual([
    [3, 'dr-okafor'],
    [2, null],
  ]);
  expect(await compareWithLog({ db: at.db, store: at.store, projection: clinicProjection })).toEqual([]);
});
