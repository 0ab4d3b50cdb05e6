import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState } from 'react';
import { type Clinic, get, type Me, type Page, type Patient, query } from './api.js';

/** Who is signed in, and where: known before any page is shown. */
export const Desk = createContext<{ readonly me: Me; readonly clinic: Clinic } | null>(null);

export interface DeskView {
  readonly me: Me;
  readonly clinic: Clinic;
  readonly timeZone: string;
  readonly now: string;
  readonly staffName: (id: string | null) => string;
}

export function useDesk(): DeskView {
  const desk = useContext(Desk);
  if (desk === null) throw new Error('a page stands inside the desk');
  const { me, clinic } = desk;
  const staffName = (id: string | null) => clinic.staff.find((person) => person.id === id)?.name ?? (id === null ? 'Nobody yet' : id);
  return { me, clinic, timeZone: clinic.locations[0]?.timeZone ?? 'UTC', now: clinic.now, staffName };
}

/** `kind` is the change of the stream that makes an answer old. */
export const useAnswer = <T>(kind: string, path: string, enabled = true): UseQueryResult<T, Error> =>
  useQuery<T, Error>({ queryKey: [kind, path], queryFn: () => get<T>(path), enabled });

/** Lists longer than so many pages are not for a screen. */
const mostPages = 5;

/** The same of a list with what stands on its next pages, as far as a screen bears it; `next` says that there is more. */
export const useList = <T>(kind: string, path: string): UseQueryResult<Page<T>, Error> =>
  useQuery<Page<T>, Error>({
    queryKey: [kind, path, 'pages'],
    queryFn: async () => {
      let page = await get<Page<T>>(path);
      for (let read = 1; page.next !== null && read < mostPages; read += 1) {
        const more = await get<Page<T>>(`${path}&${query({ cursor: page.next })}`);
        page = { items: [...page.items, ...more.items], next: more.next };
      }
      return page;
    },
    // The days before and after look alike: what was shown stays until the new answer comes.
    placeholderData: keepPreviousData,
  });

const nameOf = ({ givenName, familyName, id }: Patient): string =>
  [givenName, familyName].filter((part) => part !== null && part !== undefined).join(' ') || id;

/** As many ids as one question takes. */
const idsAtOnce = 200;
type Asking = { readonly answer: (patient: Patient | null) => void; readonly fail: (error: unknown) => void };
const asking = new Map<string, Asking[]>();

async function askForPeople(): Promise<void> {
  const asked = new Map([...asking].slice(0, idsAtOnce));
  for (const id of asked.keys()) asking.delete(id);
  if (asking.size > 0) void askForPeople();
  const waiting = (id: string) => asked.get(id) ?? [];
  try {
    const { items } = await get<Page<Patient>>(`patients?${query({ ids: [...asked.keys()].join(','), limit: idsAtOnce })}`);
    const known = new Map(items.map((patient) => [patient.id, patient]));
    for (const id of asked.keys()) for (const { answer } of waiting(id)) answer(known.get(id) ?? null);
  } catch (error) {
    for (const id of asked.keys()) for (const { fail } of waiting(id)) fail(error);
  }
}

/** A person by id. A page asks for all it shows in one breath, and is answered in one. */
const personBy = (id: string): Promise<Patient | null> =>
  new Promise((answer, fail) => {
    if (asking.size === 0) queueMicrotask(() => void askForPeople());
    asking.set(id, [...(asking.get(id) ?? []), { answer, fail }]);
  });

/** A patient's name by id; while it comes, and where there is none, what is true instead. */
export function usePatientName(patientId: string | null): string {
  const found = useQuery<Patient | null, Error>({
    queryKey: ['patient', 'name', patientId],
    queryFn: () => personBy(patientId ?? ''),
    enabled: patientId !== null,
  });
  if (patientId === null) return 'Unknown number';
  if (found.data === null) return 'Not on file any more';
  if (found.data === undefined) return found.isError ? 'Name not loaded' : '…';
  return nameOf(found.data);
}

const kinds = ['session', 'outreach', 'conversation', 'task', 'consultation', 'patient'] as const;
/** A booked course is dozens of changes at once: they are asked for together. */
const gatherMillis = 300;

/** A stream that the server ended for good is opened again after this. */
const reopenMillis = 2_000;

/** Asks anew for what changed, as the server tells it; after a break for everything. Answers whether the server is heard. */
export function useLiveChanges(): boolean {
  const client = useQueryClient();
  const [heard, setHeard] = useState(true);
  useEffect(() => {
    const changed = new Set<string>();
    let gathering: ReturnType<typeof setTimeout> | undefined;
    let reopening: ReturnType<typeof setTimeout> | undefined;
    let stream: EventSource;
    let broken = false;
    const ask = () => {
      gathering = undefined;
      // A consultation's course opens on its own after the last gate: that is told as sessions.
      for (const kind of [...changed, ...(changed.has('session') ? ['consultation'] : []), 'clinic', 'timeline'])
        void client.invalidateQueries({ queryKey: [kind] });
      changed.clear();
    };
    const open = () => {
      stream = new EventSource('/v1/stream');
      for (const kind of kinds) {
        stream.addEventListener(kind, () => {
          changed.add(kind);
          gathering ??= setTimeout(ask, gatherMillis);
        });
      }
      stream.onerror = () => {
        broken = true;
        setHeard(false);
        // A connection that merely broke is opened again by the browser; one that was refused is not.
        if (stream.readyState === EventSource.CLOSED) reopening = setTimeout(open, reopenMillis);
      };
      stream.onopen = () => {
        setHeard(true);
        if (broken) void client.invalidateQueries();
        broken = false;
      };
    };
    open();
    return () => {
      clearTimeout(gathering);
      clearTimeout(reopening);
      stream.close();
    };
  }, [client]);
  return heard;
}
