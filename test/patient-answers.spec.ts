import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { conversation } from '#conversation';
import { AnswersController } from '../apps/api/patient-pages/answers.controller.js';
import { PatientPagesController } from '../apps/api/patient-pages/patient-pages.controller.js';
import { PhotosController } from '../apps/api/photos.controller.js';
import { AnsweringDesk, birthDate } from './support/answering.js';
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
  served = await serve([PatientPagesController, AnswersController, PhotosController], desk.afterglow);
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
  expect((await http.get(`${page}/satisfaction`)).text).toMatch(/lang="es"[^]*¿Qué tan a gusto/);
  await served.close();
});

test('after an answer the page says what is normal today, what is not, and when we ask again', async () => {
  await open();
  await desk.treated('ana');
  const page = await desk.link({ patientId: 'ana', purpose: 'check-in', outreachId: 'o-1' });
  const { headers } = await http.post(`${page}/birth-date`).type('form').send({ birthDate, next: 'check-in' });
  const pass = String(headers['set-cookie']).split(';')[0] ?? '';
  const { text } = await http.post(`${page}/check-in`).set('Cookie', pass).type('form').send({ answer: '1', once: 'form-1' });
  expect(text).toMatch(/We have your answer/);
  // What the same form says next is another message (invariant 8): its answer may have been lost on a bad line.
  for (let time = 0; time < 2; time += 1) {
    const said = http.post(`${page}/check-in`).set('Cookie', pass).type('form');
    expect((await said.send({ text: 'There is pus now', once: 'form-1' })).text).toMatch(/We have your answer/);
  }
  expect((await conversation(desk.db, 'ana'))?.messages.filter(({ direction }) => direction === 'in').map(({ body }) => body)).toEqual([
    '1',
    'There is pus now',
  ]);
  expect(text).toMatch(/After your visit[^]*at once if you have:[^]*fever or pus/);
  expect(text).toMatch(/We ask you again on Wednesday, November 25\./);
  await served.close();
});

describe('a photo', () => {
  beforeEach(() => open());
  const [signature, header, end] = ['89504e470d0a1a0a', `0000000d49484452${'00'.repeat(17)}`, '0000000049454e4400000000'].map((part) =>
    Buffer.from(part, 'hex'),
  );
  const png = Buffer.concat([signature, header, end].flatMap((part) => part ?? []));
  /** As a telephone makes it: with a note of where it was taken. */
  const taken = Buffer.concat([png.subarray(0, -12), Buffer.from(`00000004${Buffer.from('tEXthome').toString('hex')}00000000`, 'hex'), png.subarray(-12)]);
  const jpeg = Buffer.from('ffd8ffe000104a464946', 'hex');

  async function enter(page: string, next: 'photo' | 'check-in' = 'photo'): Promise<string> {
    const { headers } = await http.post(`${page}/birth-date`).type('form').send({ birthDate, next }).expect(303);
    return String(headers['set-cookie']).split(';')[0] ?? '';
  }
  const photoPage = () => desk.link({ patientId: 'ana', purpose: 'photo', outreachId: 'o-photo' });
  const stored = () => desk.db.selectFrom('photo').selectAll().execute();
  const look = (url: string) => http.get(url).set('Authorization', `Bearer ${desk.key}`).buffer(true);

  test('is asked for behind the birth date, by camera or from what the phone has', async () => {
    const page = await photoPage();
    const { headers } = await http.get(page).expect(303);
    expect(headers['location']).toBe(`${page}/photo`);
    expect((await http.get(`${page}/photo`)).text).toMatch(/date of birth/);
    const { text } = await http.get(`${page}/photo`).set('Cookie', await enter(page));
    expect(text).toMatch(/type="file" accept="image\/jpeg,image\/png,image\/webp" capture="user"/);
    await http.post(`${page}/photo`).attach('photo', png, 'a.png').expect(200);
    expect(await stored()).toEqual([]);
    await served.close();
  });

  test('reaches the thread once, sealed and without where it was taken, and is reviewed by a person; staff see it and every look is logged', async () => {
    const page = await photoPage();
    const pass = await enter(page);
    const send = () => http.post(`${page}/photo`).set('Cookie', pass).field('once', 'form-1').attach('photo', taken, 'x.txt').attach('photo', jpeg, 'y');
    for (let time = 0; time < 2; time += 1) expect((await send().expect(200)).text).toMatch(/Thank you/);
    await desk.judge();
    const messages = (await desk.thread('ana')).filter(({ direction }) => direction === 'in');
    expect(messages).toMatchObject([{ body: '', media: [{ contentType: 'image/png' }, { contentType: 'image/jpeg' }] }]);
    expect((await desk.tasks()).map(({ kind }) => kind)).toEqual(['review']);
    expect((await stored()).every(({ sealed }) => !sealed.includes(png) && !sealed.includes(jpeg))).toBe(true);
    const url = messages[0]?.media[0]?.url ?? '';
    const { body, headers } = await look(url).expect(200);
    expect(Buffer.compare(body as Buffer, png)).toBe(0);
    expect(headers).toMatchObject({ 'content-type': 'image/png', 'cache-control': 'no-store' });
    await http.get(url).expect(401);
    const looks = await desk.db.selectFrom('access_log').select(['actor', 'patient_id']).where('action', '=', 'looked at photo').execute();
    expect(looks).toEqual([{ actor: 'front desk', patient_id: 'ana' }]);
    await served.close();
  });

  test('comes with the words of a check-in, as one message that answers its question', async () => {
    const page = await desk.asked('ana', 'check-in');
    const send = http.post(`${page}/check-in`).set('Cookie', await enter(page, 'check-in'));
    await send.field('text', 'a little red').attach('photo', jpeg, 'a.jpg').expect(200);
    await desk.judge();
    const [message] = (await desk.thread('ana')).filter(({ direction }) => direction === 'in');
    expect(message).toMatchObject({ body: 'a little red', checkIn: { question: 'check-in' }, media: [{ contentType: 'image/jpeg' }] });
    await served.close();
  });

  test.each([
    ['a web page that calls itself a photo', Buffer.from('<script>alert(1)</script>'), /JPEG or PNG/],
    ['more than a phone takes at once', Buffer.concat([png, Buffer.alloc(33 * 1024 * 1024)]), /more than we can take/],
  ])('is not %s; the page says so and keeps nothing', async (_name, bytes, said) => {
    const page = await photoPage();
    const send = http.post(`${page}/photo`).set('Cookie', await enter(page));
    const { status, text } = await send.field('text', 'here it is').attach('photo', bytes, { filename: 'me.png', contentType: 'image/png' });
    expect([status, said.test(text)]).toEqual([422, true]);
    expect([await stored(), await desk.thread('ana')]).toEqual([[], []]);
    await served.close();
  });

  test('is gone with its patient, and no new one can come (invariant 13)', async () => {
    const page = await photoPage();
    const pass = await enter(page);
    await http.post(`${page}/photo`).set('Cookie', pass).attach('photo', png, 'a.png');
    const before = await stored();
    await desk.erase('ana');
    expect(await stored()).toEqual([]);
    // Not from a copy of the table either.
    await desk.db.insertInto('photo').values(before).execute();
    for (const { photo_id: id } of before) await look(`/v1/photos/${id}`).expect(404);
    await http.post(`${page}/photo`).set('Cookie', pass).attach('photo', png, 'b.png').expect(404);
    await served.close();
  });
});
