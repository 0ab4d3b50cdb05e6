import { Temporal } from 'temporal-polyfill';
import type { Told } from '../evidence.js';
import { ClinicClient, type SessionRow, type TaskRow } from '../clinic-client.js';
import type { Demo } from '../demo-services.js';
import type { Sighting } from '../invariants/index.js';
import { reconcileDaily } from '../../worker/reconcile.js';
import { erase } from '../upkeep.js';
import { Agenda } from './agenda.js';
import { Chance } from './chance.js';
import { faultsOfDay } from './faults.js';
import { type Deed, sayings, simulatedPatient, type SimulatedPatient } from './patient.js';
import { PersonRecord } from './person-record.js';

/** Which story is told. With fewer patients, or without some deeds, the rest of it is the same story. */
export interface Story {
  readonly seed: number;
  readonly start: Date;
  readonly days: number;
  /** It is told only up to this day; all of it unless given. */
  readonly until?: number;
  /** Numbers of the patients who take part. */
  readonly patients: readonly number[];
  readonly faults: boolean;
  /** Deeds that are left out, as `3/pregnancy`. */
  readonly without: ReadonlySet<string>;
}

/** One line of what happened, for whoever reads a story. */
export interface Happening {
  readonly at: string;
  readonly patientId: string;
  readonly says: string;
}

const zone = 'America/New_York';
const [minuteMillis, hourMillis, dayMillis] = [60_000, 3_600_000, 86_400_000];
/** Nobody looks at the world for longer than this. */
const lookEveryMillis = 6 * hourMillis;
const sightingEveryDays = 7;
/** The last days are without faults, so that what was begun can come to its end (a message within 72 hours). */
const quietDays = 4;

/** A clinic, its patients and its staff, living through a story on the simulated clock. */
export class ClinicLife {
  readonly happenings: Happening[] = [];
  readonly #client: ClinicClient;
  readonly #agenda = new Agenda();
  readonly #records: Map<string, PersonRecord>;
  readonly #sightings: Sighting[] = [];
  readonly #knownTasks = new Set<string>();
  readonly #staff: Chance;
  #read = 0;

  constructor(
    private readonly demo: Demo,
    private readonly story: Story,
    private readonly logLines: readonly string[],
  ) {
    this.#client = new ClinicClient(demo);
    this.#staff = new Chance(String(story.seed)).of('staff');
    const patients = story.patients.map((index) => simulatedPatient(story.seed, index, story.start, story.days));
    this.#records = new Map(patients.map((patient) => [patient.patientId, new PersonRecord(patient)]));
  }

  get client(): ClinicClient {
    return this.#client;
  }

  #now(): Date {
    return this.demo.now();
  }

  #iso(): string {
    return this.#now().toISOString();
  }

  /** Lives through the story. `progress` hears of each day. */
  async live(progress: (day: number) => void = () => undefined): Promise<Told> {
    const { start, days, until = days } = this.story;
    const end = new Date(start.getTime() + until * dayMillis);
    this.#plan();
    let day = -1;
    while (this.#now() < end) {
      const today = Math.floor((this.#now().getTime() - start.getTime()) / dayMillis);
      if (today > day) await this.#newDay((day = today), progress);
      const look = new Date(this.#now().getTime() + lookEveryMillis);
      const next = [look, end, this.#agenda.next() ?? end].reduce((a, b) => (a < b ? a : b));
      if (next > this.#now()) await this.demo.advance(next);
      for (const act of this.#agenda.due(this.#now())) await act().then(() => this.demo.settle());
      await this.#look();
    }
    this.demo.sandbox.faults.end();
    await this.demo.settle();
    await this.#sight();
    return { people: [...this.#records.values()].map((record) => record.person()), sightings: this.#sightings, logLines: this.logLines };
  }

  #plan(): void {
    const { without } = this.story;
    for (const record of this.#records.values()) {
      const { patient } = record;
      for (const deed of patient.deeds) if (!without.has(`${patient.index}/${deed.name}`)) this.#agenda.at(deed.at, () => this.#do(record, deed));
    }
  }

  #happens({ patientId }: SimulatedPatient, says: string): void {
    this.happenings.push({ at: this.#iso(), patientId, says });
  }

  async #newDay(day: number, progress: (day: number) => void): Promise<void> {
    progress(day);
    const { faults, seed, days } = this.story;
    if (faults) faultsOfDay(this.demo.sandbox.faults, new Chance(String(seed)).of('faults', day), day >= days - quietDays);
    if (day % sightingEveryDays === 0) await this.#sight();
    // What a timer does by the wall clock.
    await reconcileDaily(this.demo.afterglow).then(() => this.demo.settle());
    const date = Temporal.Instant.fromEpochMilliseconds(this.#now().getTime()).toZonedDateTimeISO(zone).toPlainDate();
    const [from, to] = [date, date.add({ days: 2 })].map((on) => on.toZonedDateTime(zone).toInstant().toString());
    for (const session of await this.#client.all<SessionRow>(`/v1/sessions?from=${from}&to=${to}`))
      this.#agenda.once(`${session.id}/${session.start}`, new Date(session.start), () => this.#treat(session));
  }

  /** What patients received and what the staff has to do since the last look. */
  async #look(): Promise<void> {
    for (const { n, channel, to, body, acceptedAt, headers, automatic } of this.demo.sandbox.messages(this.#read)) {
      this.#read = n;
      const record = [...this.#records.values()].find((one) => one.has(to));
      if (record === undefined || automatic === true) continue;
      if (channel === 'sms') this.#mayAnswer(record, body, acceptedAt);
      else this.#mayUnsubscribe(record, headers?.['list-unsubscribe'], acceptedAt);
    }
    for (const task of await this.#client.all<TaskRow>('/v1/tasks?status=open')) this.#takeUp(task);
  }

  /** Staff take up what is open: pages within the hour, the rest within two days. */
  #takeUp({ id, kind, patientId, openedAt }: TaskRow): void {
    if (this.#knownTasks.has(id)) return;
    this.#knownTasks.add(id);
    const own = this.#staff.of(patientId ?? 'clinic', kind, openedAt);
    const opened = Date.parse(openedAt);
    if (kind === 'escalation') this.#agenda.at(new Date(opened + own.whole('minutes', 0, 40) * minuteMillis), () => this.#onTask(id, 'acknowledge'));
    this.#agenda.at(new Date(opened + own.between('hours', 1, 48) * hourMillis), () => this.#onTask(id, 'complete'));
  }

  /** Somebody, or the product itself, may have closed it meanwhile. */
  async #onTask(id: string, what: 'acknowledge' | 'complete'): Promise<void> {
    await this.#client.post(`/v1/tasks/${id}/${what}`).catch(refusedIsFine);
  }

  #mayAnswer(record: PersonRecord, body: string, acceptedAt: string): void {
    const asks = /\b1\b[\s\S]*\b(2|5)\b/.test(body);
    if (!asks) return;
    const own = record.patient.chance.of('answer', acceptedAt);
    const drawn = own.unit('how');
    if (drawn < 0.35) return;
    const saying = drawn < 0.85 ? { body: '1' } : drawn < 0.9 ? { body: '2' } : own.pick('words', sayings);
    const at = new Date(Math.max(this.#now().getTime(), Date.parse(acceptedAt) + own.whole('minutes', 3, 170) * minuteMillis));
    this.#agenda.at(at, () => this.#text(record, saying));
  }

  #mayUnsubscribe(record: PersonRecord, header: string | readonly string[] | undefined, acceptedAt: string): void {
    const address = /<(https?:[^>]+)>/.exec([header ?? ''].flat().join())?.[1];
    if (address === undefined || !record.patient.chance.of('unsubscribe', acceptedAt).happens('clicks', 0.01)) return;
    this.#agenda.at(new Date(this.#now().getTime() + 20 * minuteMillis), async () => {
      if (record.isErased) return;
      this.#happens(record.patient, 'unsubscribes by one click');
      await fetch(address, { method: 'POST', body: 'List-Unsubscribe=One-Click', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
      for (const scope of ['care', 'marketing'] as const) record.word({ at: this.#iso(), channel: 'email', scope, granted: false });
    });
  }

  async #text(
    record: PersonRecord,
    { body, atLeast }: { readonly body: string; readonly atLeast?: 'emergency' | 'urgent' | 'ask' | 'administrative' },
  ): Promise<void> {
    if (record.isErased) return;
    this.#happens(record.patient, `texts "${body}"`);
    record.said({ at: this.#iso(), from: record.phone, body, ...(atLeast === undefined ? {} : { atLeast }) });
    await this.#client.post('/sandbox/replies', { from: record.phone, body });
  }

  async #do(record: PersonRecord, { name, does }: Deed): Promise<void> {
    if (record.isErased) return;
    const { patient } = record;
    if (does.kind === 'text') return this.#wish(record, does);
    this.#happens(patient, name);
    if (does.kind === 'news') return this.#tell(record, name, does.news);
    if (does.kind === 'erase') {
      await erase(this.demo.afterglow, patient.patientId, 'asked for it');
      return record.erased(this.#iso());
    }
    const upcoming = await this.#upcoming(patient);
    if (upcoming === undefined) return;
    if (does.kind === 'cancel')
      await this.#client.post(`/v1/sessions/${upcoming.id}/cancel`, { reason: 'does not want it', by: 'patient' }).catch(refusedIsFine);
    else await this.#reschedule(upcoming);
  }

  /** STOP and START in any words: the phone's owner means every message to it. */
  async #wish(record: PersonRecord, { saying, stops, starts }: Extract<Deed['does'], { kind: 'text' }>): Promise<void> {
    await this.#text(record, saying);
    const said = { at: this.#iso(), channel: 'sms' } as const;
    if (stops === true) for (const scope of ['care', 'marketing'] as const) record.word({ ...said, scope, granted: false });
    if (starts === true) record.word({ ...said, scope: 'care', granted: true });
  }

  async #upcoming({ patientId }: SimulatedPatient): Promise<SessionRow | undefined> {
    const sessions = await this.#client.all<SessionRow>(`/v1/sessions?patientId=${patientId}`);
    return sessions.find(({ status, start }) => ['booked', 'confirmed'].includes(status) && start > this.#iso());
  }

  /** The first of the free starts that the patient's recovery allows; those that it does not are refused. */
  async #reschedule({ id, start, protocolId, patientId }: SessionRow): Promise<void> {
    const [from, to] = [1, 10].map((days) => new Date(Date.parse(start) + days * dayMillis).toISOString());
    const address = `/v1/availability?protocolId=${protocolId}&from=${from}&to=${to}&patientId=${patientId}&limit=5`;
    const { items } = await this.#client.get<{ items: { start: string }[] }>(address);
    for (const free of items) {
      const moved = await this.#client.post(`/v1/sessions/${id}/reschedule`, { start: free.start }).then(() => true, refusedIsFine);
      if (moved) return;
    }
  }

  async #tell(record: PersonRecord, name: string, list: Extract<Deed['does'], { kind: 'news' }>['news']): Promise<void> {
    const { patientId, consultationId, chance } = record.patient;
    const at = this.#now();
    const events = list.map(({ type, data }, index) => ({
      specversion: '1.0',
      id: `${consultationId}-${name}-${index}`,
      source: '/simulation',
      type,
      subject: type.startsWith('patient.') ? patientId : consultationId,
      time: new Date(at.getTime() - (list.length - index) * 1_000).toISOString(),
      data: { consultationId, patientId, ...this.#completed(record, type, data) },
    }));
    // Other systems send twice, in any order, and things that nobody can read.
    const twice = this.story.faults && chance.happens(`${name} twice`, 0.2) ? [...events, ...events] : events;
    const mixed = this.story.faults && chance.happens(`${name} mixed`, 0.3) ? [...twice].reverse() : twice;
    const garbage = this.story.faults && chance.happens(`${name} garbage`, 0.1) ? [{ specversion: '1.0', id: 'x', type: 'no.such.v1', data: {} }] : [];
    await this.#client.send([...mixed, ...garbage]);
    await this.demo.settle();
    if (['pregnancy', 'isotretinoin', 'sunburn', 'treated-elsewhere'].includes(name)) await this.#sight(patientId);
  }

  /** Fills in what only the moment knows, and keeps what the clinic is told. */
  #completed(record: PersonRecord, type: string, data: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const at = this.#iso();
    const fields = data as {
      channel?: 'sms' | 'email';
      scope?: 'care' | 'marketing';
      granted?: boolean;
      address?: string;
      person?: { timeZone?: string; phone?: string };
    };
    const told = data as { fact?: { kind: string; protocolId?: string; on?: string }; pastTreatments?: { protocolId: string; on: string }[] };
    if (type === 'patient.contact-consent-changed.v1' && fields.channel !== undefined && fields.scope !== undefined) {
      const { channel, scope, granted = false, address = record.addressOn(fields.channel) } = fields;
      record.word({ at, channel, scope, granted, address });
      return { recordedOn: at.slice(0, 10), ...data, address };
    }
    if (type === 'patient.contact-changed.v1' && fields.person?.timeZone !== undefined) record.moved(at, fields.person.timeZone);
    if (type === 'patient.contact-changed.v1' && fields.person?.phone !== undefined) record.hasNumber(fields.person.phone);
    if (told.fact?.kind === 'pregnancy') record.pregnant(at);
    for (const { protocolId, on } of told.pastTreatments ?? []) record.treated(protocolId, on, at);
    if (told.fact?.kind === 'treatment') record.treated(told.fact.protocolId ?? '', told.fact.on ?? '', at);
    return { ...data };
  }

  /** The patient comes, or does not; after the session some report a reaction. */
  async #treat({ id, start, end, patientId, number }: SessionRow): Promise<void> {
    const record = this.#records.get(patientId);
    const session = (await this.#client.all<SessionRow>(`/v1/sessions?patientId=${patientId}`)).find((row) => row.id === id);
    if (record === undefined || record.isErased || session?.start !== start || !['booked', 'confirmed'].includes(session.status)) return;
    const own = record.patient.chance.of('visit', number);
    if (own.happens('stays away', 0.04)) {
      this.#happens(record.patient, `does not come to session ${number}`);
      return this.#agenda.at(new Date(end), () => this.#onSession(id, 'no-show'));
    }
    await this.#onSession(id, 'arrive');
    this.#happens(record.patient, `comes to session ${number}`);
    this.#agenda.at(new Date(end), async () => {
      await this.#onSession(id, 'complete');
      if (own.happens('reaction', 0.04))
        await this.#onSession(id, 'adverse-reactions', { codes: ['blisters'], severity: 'moderate', note: 'seen at the desk' });
    });
  }

  async #onSession(id: string, what: string, body: unknown = {}): Promise<void> {
    await this.#client.post(`/v1/sessions/${id}/${what}`, body).catch(refusedIsFine);
  }

  /** Writes down the sessions that stand now, and the gates of their consultations; of one patient, or of all. */
  async #sight(patientId?: string): Promise<void> {
    const filter = patientId === undefined ? `from=${this.#iso()}` : `patientId=${patientId}`;
    const sessions = (await this.#client.all<SessionRow>(`/v1/sessions?${filter}`)).filter(({ start }) => start >= this.#iso());
    const openGates = new Map<string, readonly string[]>();
    for (const courseId of new Set(sessions.map((session) => session.courseId))) {
      const { consultationId } = await this.#client.get<{ consultationId: string }>(`/v1/courses/${courseId}`);
      const { gates } = await this.#client.get<{ gates: { gate: string; met: string }[] }>(`/v1/consultations/${encodeURIComponent(consultationId)}`);
      openGates.set(
        courseId,
        gates.filter(({ met }) => met === 'unmet').map(({ gate }) => gate),
      );
    }
    this.#sightings.push({ at: this.#iso(), sessions, openGates });
  }
}

/** The desk is told no, and does something else: a course may have moved meanwhile. Anything but a refusal is a fault. */
function refusedIsFine(error: unknown): false {
  if (error instanceof Error && / (404|409|422) /.test(error.message)) return false;
  throw error;
}
