import { sql } from 'kysely';
import { activeProtocols } from '#clinic';
import type { Database } from '#platform';
import type { ClinicClient, OutreachRow, SessionRow, TaskRow, ThreadMessage } from './clinic-client.js';
import type { Demo } from './demo-services.js';
import type { Heard } from './invariants/world.js';
import type { Person, Sighting, World } from './invariants/index.js';
import { checkRecords } from './upkeep.js';

/** What was known outside of the product while the story was told. */
export interface Told {
  readonly people: readonly Person[];
  readonly sightings: readonly Sighting[];
  /** Every line that the product logged. */
  readonly logLines: readonly string[];
}

/** Reads everything that the invariants are judged by: over the API, in the sandbox, in the database. */
export async function gatherEvidence(client: ClinicClient, demo: Demo, { people, sightings, logLines }: Told): Promise<World> {
  const { afterglow, sandbox } = demo;
  const sessions = await client.all<SessionRow>('/v1/sessions');
  const outreach = await client.all<OutreachRow>('/v1/outreach');
  return {
    clinic: await afterglow.clinic(),
    now: demo.now(),
    people,
    sightings,
    sessions,
    outreach,
    tasks: await client.all<TaskRow>('/v1/tasks'),
    outside: await client.outside(),
    transmitted: sandbox.journal
      .texts()
      .flatMap(({ sid, to, sentAt, direction }) => (sentAt === null || direction !== 'outbound-api' ? [] : [{ sid, to, sentAt: sentAt.toISOString() }])),
    heard: await heardIn(client),
    intervals: new Map([...(await activeProtocols(afterglow.db)).values()].map(({ id, intervalDays }) => [id, intervalDays.min])),
    records: await recordsOf(demo, { people, logLines, sessions, outreach, metrics: await client.text('/metrics') }),
  };
}

async function heardIn(client: ClinicClient): Promise<Heard[]> {
  const threads = await client.all<{ id: string; patientId: string | null }>('/v1/conversations');
  const heard: Heard[] = [];
  for (const { id, patientId } of threads) {
    const { messages } = await client.get<{ messages: ThreadMessage[] }>(`/v1/conversations/${encodeURIComponent(id)}`);
    heard.push(...messages.filter(({ direction }) => direction === 'in').map((message) => ({ ...message, patientId })));
  }
  return heard;
}

interface Looked extends Pick<Told, 'people' | 'logLines'> {
  readonly sessions: readonly SessionRow[];
  readonly outreach: readonly OutreachRow[];
  readonly metrics: string;
}

async function recordsOf({ afterglow }: Demo, { people, logLines, sessions, outreach, metrics }: Looked): Promise<World['records']> {
  const { log, differences, parked } = await checkRecords(afterglow, () => undefined);
  const jobs = await jobsOf(afterglow.db);
  const places = [...jobs.map((text) => ['a job', text] as const), ...logLines.map((text) => ['a log line', text] as const), ['the metrics', metrics] as const];
  const secretsOf = (list: readonly Person[]) =>
    list.flatMap(({ patientId, secrets, words }) => [...secrets, ...words.map(({ address }) => address)].map((secret) => ({ patientId, secret })));
  const leaks = places.flatMap(([place, text]) =>
    secretsOf(people)
      .filter(({ secret }) => text.includes(secret))
      .map(({ patientId }) => `something of ${patientId} stands in ${place}`),
  );
  const erased = people.filter(({ erasedAt }) => erasedAt !== null);
  return {
    events: log.events,
    looks: places.length,
    broken: [
      ...(log.broken === null ? [] : [`the log is broken at ${log.broken.where}`]),
      ...differences.map(({ table }) => `${table} is not what the log says`),
      ...parked.map(({ name, reason }) => `${name} could not take an event: ${reason}`),
    ],
    leaks: [...new Set(leaks)],
    traces: await tracesOf(afterglow.db, secretsOf(erased)),
    unexplained: [
      ...sessions.filter(({ because, status }) => because.length === 0 && status !== 'unscheduled').map(({ id }) => `session ${id} has no reason`),
      ...outreach.filter(({ because }) => because === '').map(({ id }) => `message ${id} has no reason`),
    ],
  };
}

/** Every job that the queue's own tables hold, as text. */
async function jobsOf(db: Database): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select quote_ident(table_name) as name from information_schema.tables where table_schema = 'bullmq' and table_type = 'BASE TABLE'`.execute(db);
  const found = await Promise.all(tables.map(({ name }) => sql<{ line: string }>`select t::text as line from bullmq.${sql.raw(name)} t`.execute(db)));
  return found.flatMap(({ rows }) => rows.map(({ line }) => line));
}

/** Rows of any table, as text, in which one of these words can be read. */
async function tracesOf(db: Database, secrets: readonly { readonly patientId: string; readonly secret: string }[]): Promise<string[]> {
  if (secrets.length === 0) return [];
  const { rows: tables } = await sql<{ name: string }>`
    select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`.execute(db);
  const words = secrets.map(({ secret }) => secret);
  const traces: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ word: string }>`
      select word from unnest(${words}::text[]) as word where exists (select from ${sql.raw(name)} t where position(word in t::text) > 0)`.execute(db);
    traces.push(...rows.map(({ word }) => `something of ${secrets.find(({ secret }) => secret === word)?.patientId ?? '?'} can be read in ${name}`));
  }
  return traces;
}
