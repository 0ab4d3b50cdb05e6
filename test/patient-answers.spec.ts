import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AnswersController } from '../apps/api/patient-pages/answers.controller.js';
import { PatientPagesController } from '../apps/api/patient-pages/patient-pages.controller.js';
import { AnsweringDesk } from './support/answering.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { serve, type Served } from './support/served.js';

let database: TestDatabase;
let desk: AnsweringDesk;
let served: Served;
let http: Served['http'];
let clinics = 0;

beforeAll(async () => void (database = await createTestDatabase()));
afterAll(async () => database.close());

async function open(language = 'en'): Promise<void> {
  desk = new AnsweringDesk(database.open(`answers-${(clinics += 1)}`, 4));
  await desk.setUp('ana', language);
  served = await serve([PatientPagesController, AnswersController], desk.afterglow);
  ({ http } = served);
}

describe('how happy a patient is', () => {
  beforeEach(() => open());
  const answer = (page: string, form: Record<string, string>) => http.post(`${page}/satisfaction`).type('form').send(form).expect(303);
  const scores = async () => (await desk.log('ana')).flatMap(({ type, data }) => (type === 'satisfaction.answered.v1' ? [data['score']] : []));

  test('is asked on one page, from 1 to 5, without the birth date and without a clinical word', async () => {
    const page = await desk.asked('ana', 'satisfaction');
    const { headers } = await http.get(page).expect(303);
    const { text } = await http.get(headers['location'] ?? '').expect(200);
    expect([...text.matchAll(/name="score" value="(\d)"/g)].map(([, score]) => score)).toEqual(['1', '2', '3', '4', '5']);
    expect(text).not.toMatch(/peel|laser|treatment|skin today|date of birth|<script/i);
    expect(await desk.log('ana')).toEqual([]);
    await served.close();
  });

  test('a score is recorded once, a low one calls a person, and then why is asked', async () => {
    const page = await desk.asked('ana', 'satisfaction');
    const { headers } = await answer(page, { score: '2' });
    await answer(page, { score: '5' });
    await desk.judge();
    expect(await scores()).toEqual([2]);
    expect((await desk.tasks()).map(({ why }) => why)).toEqual(['a patient gave us 2 of 5']);
    const { text } = await http.get(headers['location'] ?? '');
    expect(text).toMatch(/And why\?/);
    const once = /name="once" value="([^"]+)"/.exec(text)?.[1] ?? '';
    desk.wait(0.01);
    for (let time = 0; time < 2; time += 1) await answer(page, { once, why: '1, nobody called me back' });
    await desk.judge();
    expect((await desk.log('ana')).filter(({ type }) => type === 'satisfaction.explained.v1')).toHaveLength(1);
    expect(await scores()).toEqual([2]);
    expect((await desk.thread('ana')).flatMap(({ direction, body, checkIn }) => (direction === 'in' ? [[body, checkIn?.question]] : []))).toEqual([
      ['2', 'satisfaction'],
      ['1, nobody called me back', 'satisfaction'],
    ]);
    await served.close();
  });

  test('a high score calls nobody, and why may be left out', async () => {
    const page = await desk.asked('ana', 'satisfaction');
    await answer(page, { score: '5' });
    const { headers } = await answer(page, { why: '  ' });
    await desk.judge();
    expect([await scores(), await desk.tasks()]).toEqual([[5], []]);
    expect((await desk.log('ana')).some(({ type }) => type === 'satisfaction.explained.v1')).toBe(false);
    expect((await http.get(headers['location'] ?? '')).text).toMatch(/Thank you/);
    await served.close();
  });

  test('weeks later the link still answers its own question, and danger in its why pages a person (invariant 9)', async () => {
    const page = await desk.asked('ana', 'satisfaction');
    desk.wait(30);
    await answer(page, { score: '3' });
    await desk.judge();
    desk.wait(0.01);
    await answer(page, { why: 'there is pus and I have a fever' });
    await desk.judge();
    expect(await scores()).toEqual([3]);
    expect((await desk.tasks()).map(({ kind }) => kind)).toContain('escalation');
    await served.close();
  });

  test('a link that was sent for something else takes no score', async () => {
    const page = await desk.link({ patientId: 'ana', purpose: 'visit', outreachId: 'o-1' });
    await answer(page, { score: '1' });
    expect(await desk.log('ana')).toEqual([]);
    await served.close();
  });
});

test('a patient who speaks Spanish is asked in Spanish', async () => {
  await open('es');
  const page = await desk.asked('ana', 'satisfaction');
  expect((await http.get(`${page}/satisfaction`)).text).toMatch(/lang="es"[^]*¿Qué tan contento/);
  await served.close();
});
