/*
 * Six weeks of a clinic, told so that a reader follows: a clean series, a retinoid that delays, a wedding that moves a
 * session, a pregnancy that closes a gate, a reschedule, a worried text that turns out expected, an infection that pages, a STOP.
 */
import { Temporal } from 'temporal-polyfill';
import { ClinicClient, type Outside, type SessionRow, type TaskRow, type ThreadMessage } from './clinic-client.js';
import type { Demo } from './demo-services.js';
import { gatherEvidence } from './evidence.js';
import { type ContactWord, judge, type Person, report, type Said } from './invariants/index.js';
import { type Character, characters, consultationOf, factEvent } from './story-characters.js';

const storyDays = 42;
const zone = 'America/New_York';
const hourMillis = 3_600_000;

/** One telling of the story: who has had how many sessions, who wrote when. */
class Story {
  readonly #client: ClinicClient;
  readonly #done = new Map<string, { sessions: number; lastOn: Temporal.PlainDate }>();
  readonly #told = new Set<string>();
  readonly #said = new Map<string, Said[]>();
  readonly #words = new Map<string, ContactWord[]>();
  #began = '';
  #pregnant: { readonly patientId: string; readonly since: string } | null = null;

  constructor(
    private readonly demo: Demo,
    private readonly print: (line: string) => void,
  ) {
    this.#client = new ClinicClient(demo);
  }

  get client(): ClinicClient {
    return this.#client;
  }

  #now(): Temporal.ZonedDateTime {
    return Temporal.Instant.fromEpochMilliseconds(this.demo.now().getTime()).toZonedDateTimeISO(zone);
  }

  #say(who: string, what: string): void {
    const now = this.#now();
    const when = `${now.toLocaleString('en-GB', { weekday: 'short', day: '2-digit', month: 'short' }).replace(',', '')} ${now.toPlainTime().toString({ smallestUnit: 'minute' })}`;
    this.print(`${when.padEnd(17)} ${who.padEnd(8)} ${what}`);
  }

  async #to(instant: Temporal.Instant): Promise<void> {
    const at = new Date(instant.epochMilliseconds);
    if (at > this.demo.now()) await this.demo.advance(at);
  }

  /** Consultations come in, gates open, sessions are booked. */
  async consult(): Promise<void> {
    this.#began = this.demo.now().toISOString();
    const events = characters.flatMap((character) => consultationOf(character, this.demo.now()));
    const { accepted } = await this.#client.send(events);
    await this.demo.settle();
    this.#say('', `${accepted} consultation events came in, ${characters.length} patients`);
    for (const character of characters) {
      const sessions = await this.#sessionsOf(character);
      const dates = sessions.map(({ start }) => dayOf(start)).join(', ');
      this.#say(character.name, sessions.length > 0 ? `all gates met; booked: ${dates}` : 'not booked yet');
      const binding = sessions[0]?.because.find(({ constraint }) => constraint === 'clear' || constraint === 'spacing');
      if (binding !== undefined) this.#say('', `         the first date waits for: ${binding.detail}`);
    }
  }

  /** Everyone in the story as the invariants want them: what they told the clinic, not what it made of it. */
  people(): Person[] {
    return characters.map(({ patientId, phone, email }) => {
      const granted = (['sms', 'email'] as const).map((channel) => ({
        at: this.#began,
        channel,
        scope: 'care' as const,
        address: channel === 'sms' ? phone : email,
        granted: true,
      }));
      return {
        patientId,
        secrets: ['Story', '1988-04-02'],
        zones: [{ from: '', timeZone: zone }],
        words: [...granted, ...(this.#words.get(patientId) ?? [])],
        texts: this.#said.get(patientId) ?? [],
        treatedElsewhere: [],
        pregnantSince: this.#pregnant?.patientId === patientId ? this.#pregnant.since : null,
        erasedAt: null,
      };
    });
  }

  async #sessionsOf({ patientId }: Character): Promise<SessionRow[]> {
    return this.#client.all<SessionRow>(`/v1/sessions?patientId=${patientId}`);
  }

  /** One day: sessions take place, then patients write in the evening, then what was planned for the story happens. */
  async day(date: Temporal.PlainDate): Promise<void> {
    const [from, to] = [date, date.add({ days: 1 })].map((day) => day.toZonedDateTime(zone).toInstant().toString());
    const sessions = await this.#client.all<SessionRow>(`/v1/sessions?from=${from}&to=${to}`);
    for (const session of sessions) await this.#treat(session);
    await this.#to(date.toZonedDateTime({ timeZone: zone, plainTime: '18:00' }).toInstant());
    for (const character of characters) await this.#evening(character, date);
    await this.#to(date.toZonedDateTime({ timeZone: zone, plainTime: '21:00' }).toInstant());
  }

  async #treat({ id, start, end }: SessionRow): Promise<void> {
    await this.#to(Temporal.Instant.from(start));
    const session = (await this.#client.all<SessionRow>(`/v1/sessions?from=${start}&to=${new Date(Date.parse(start) + 60_000).toISOString()}`)).find(
      (row) => row.id === id,
    );
    const character = characters.find(({ patientId }) => patientId === session?.patientId);
    if (session === undefined || character === undefined || !['booked', 'confirmed'].includes(session.status)) return;
    await this.#client.post(`/v1/sessions/${id}/arrive`);
    await this.#to(Temporal.Instant.from(end));
    await this.#client.post(`/v1/sessions/${id}/complete`);
    await this.demo.settle();
    const before = this.#done.get(character.patientId)?.sessions ?? 0;
    this.#done.set(character.patientId, { sessions: before + 1, lastOn: this.#now().toPlainDate() });
    this.#say(character.name, `session ${before + 1} completed${session.status === 'confirmed' ? ' (confirmed by text)' : ''}; check-ins are planned`);
  }

  async #evening(character: Character, date: Temporal.PlainDate): Promise<void> {
    const last = this.#done.get(character.patientId);
    for (const text of character.texts) {
      const key = `${character.patientId}/${text.session}/${text.day}/${text.body}`;
      const due = last !== undefined && last.sessions === text.session && last.lastOn.until(date).days === text.day;
      if (!due || this.#told.has(key)) continue;
      this.#told.add(key);
      await this.#reply(character, text.body);
    }
    for (const turn of character.turns) {
      const key = `${character.patientId}/${turn.kind}`;
      if (this.#told.has(key) || (last?.sessions ?? 0) < turn.afterSession) continue;
      this.#told.add(key);
      await (turn.kind === 'reschedule' ? this.#reschedule(character) : this.#tell(character, turn.kind));
    }
  }

  async #reply(character: Character, body: string): Promise<void> {
    const at = this.demo.now().toISOString();
    this.#said.set(character.patientId, [...(this.#said.get(character.patientId) ?? []), { at, from: character.phone, body }]);
    const stopped = (['care', 'marketing'] as const).map((scope) => ({ at, channel: 'sms' as const, scope, address: character.phone, granted: false }));
    if (/^stop$/i.test(body)) this.#words.set(character.patientId, stopped);
    this.#say(character.name, `texts: "${body}"`);
    const before = (await this.#client.outside()).length;
    await this.#client.post('/sandbox/replies', { from: character.phone, body });
    await this.demo.settle();
    const { messages } = await this.#client.get<{ messages: ThreadMessage[] }>(`/v1/conversations/${character.patientId}`);
    const heard = messages.filter(({ direction }) => direction === 'in').at(-1);
    this.#say('', `         heard as ${heard?.triage?.urgency ?? 'nothing'}${heard?.triage?.codes.length ? ` (${heard.triage.codes.join(', ')})` : ''}`);
    for (const message of (await this.#client.outside()).slice(before)) this.#say('', `         ${answered(message, character)}`);
    await this.#acknowledge(character);
  }

  async #acknowledge({ patientId }: Character): Promise<void> {
    const open = await this.#client.all<TaskRow>(`/v1/tasks?status=open&patientId=${patientId}`);
    for (const task of open) {
      this.#say('', `         task: ${task.kind} (${task.why})`);
      if (task.kind !== 'escalation') continue;
      await this.#client.post(`/v1/tasks/${task.id}/acknowledge`);
      this.#say('', '         acknowledged by the on-call; paging stops');
    }
  }

  async #tell(character: Character, kind: 'wedding' | 'pregnancy'): Promise<void> {
    const before = await this.#sessionsOf(character);
    const next = before.find(({ status }) => status === 'booked' || status === 'confirmed');
    if (next === undefined) return;
    if (kind === 'pregnancy') this.#pregnant = { patientId: character.patientId, since: this.demo.now().toISOString() };
    await this.#client.send([factEvent(character, kind, next.start, this.demo.now())]);
    await this.demo.settle();
    const after = (await this.#sessionsOf(character)).find(({ id }) => id === next.id);
    this.#say(
      character.name,
      kind === 'wedding'
        ? `a wedding the day after the next session: it moves from ${dayOf(next.start)} to ${after === undefined ? '?' : dayOf(after.start)}`
        : `is pregnant: the session of ${dayOf(next.start)} is now ${after?.status.replace('_', ' ')}`,
    );
    await this.#acknowledge(character);
  }

  async #reschedule(character: Character): Promise<void> {
    const next = (await this.#sessionsOf(character)).find(({ status }) => status === 'booked' || status === 'confirmed');
    if (next === undefined) return;
    const [from, to] = [1, 8].map((days) => new Date(Date.parse(next.start) + days * 24 * hourMillis).toISOString());
    const { items } = await this.#client.get<{ items: { start: string }[] }>(`/v1/availability?protocolId=${next.protocolId}&from=${from}&to=${to}&limit=20`);
    const moved = await this.#moveToFirst(
      next.id,
      items.map(({ start }) => start),
    );
    await this.demo.settle();
    if (moved !== null) this.#say(character.name, `asks for another day: ${dayOf(next.start)} becomes ${dayOf(moved)}; reminders move along`);
  }

  /** The first of the free starts that the patient's recovery allows; those that it does not are refused by the clinic. */
  async #moveToFirst(sessionId: string, starts: readonly string[]): Promise<string | null> {
    for (const start of starts) {
      const moved = await this.#client.post(`/v1/sessions/${sessionId}/reschedule`, { start }).then(
        () => true,
        (error: Error) => (/ 409 /.test(error.message) ? false : Promise.reject(error)),
      );
      if (moved) return start;
    }
    return null;
  }
}

const dayOf = (instant: string) =>
  Temporal.Instant.from(instant)
    .toZonedDateTimeISO(zone)
    .toLocaleString('en-GB', { weekday: 'short', day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' })
    .replaceAll(',', '');
const answered = ({ to, body, channel }: Outside, character: Character) =>
  `${to === character.phone || to === character.email ? 'answer' : 'page to staff'} by ${channel === 'sms' ? 'text' : 'e-mail'}: "${body.slice(0, 110).replaceAll('\n', ' ')}${body.length > 110 ? '…' : ''}"`;

/** Plays the story to its end and checks the invariants. Answers how many were violated. */
export async function playStory(demo: Demo, print: (line: string) => void): Promise<number> {
  const story = new Story(demo, print);
  print('\nSix weeks at the clinic\n');
  await story.consult();
  const first = Temporal.Instant.fromEpochMilliseconds(demo.now().getTime()).toZonedDateTimeISO(zone).toPlainDate();
  for (let day = 0; day < storyDays; day += 1) await story.day(first.add({ days: day }));
  const world = await gatherEvidence(story.client, demo, { people: story.people(), sightings: [], logLines: [] });
  const checks = judge(world);
  const texts = world.outside.filter(({ channel }) => channel === 'sms').length;
  print(`\n${texts} texts and ${world.outside.length - texts} e-mails reached the outside\n`);
  for (const line of report(checks)) print(line);
  return checks.reduce((sum, { violations }) => sum + violations.length, 0);
}
