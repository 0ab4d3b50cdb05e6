import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { createContext, useContext, useEffect } from 'react';
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

const nameOf = ({ givenName, familyName, id }: Patient): string =>
  [givenName, familyName].filter((part) => part !== null && part !== undefined).join(' ') || id;

/** A patient's name by id. The first two hundred come in one answer, others one by one. */
export function usePatientName(patientId: string | null): string {
  const all = useAnswer<Page<Patient>>('patient', `patients?${query({ limit: 200 })}`);
  const known = all.data?.items.find(({ id }) => id === patientId);
  const one = useAnswer<Page<Patient>>(
    'patient',
    `patients?${query({ query: patientId ?? '', limit: 5 })}`,
    patientId !== null && all.isSuccess && known === undefined,
  );
  if (patientId === null) return 'Unknown number';
  const found = known ?? one.data?.items.find(({ id }) => id === patientId);
  return found === undefined ? '…' : nameOf(found);
}

const kinds = ['session', 'outreach', 'conversation', 'task', 'consultation', 'patient'] as const;
/** A booked course is dozens of changes at once: they are asked for together. */
const gatherMillis = 300;

/** Asks anew for what changed, as the server tells it; after a break for everything. */
export function useLiveChanges(): void {
  const client = useQueryClient();
  useEffect(() => {
    const stream = new EventSource('/v1/stream');
    const changed = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = () => {
      timer = undefined;
      for (const kind of [...changed, 'clinic', 'timeline']) void client.invalidateQueries({ queryKey: [kind] });
      changed.clear();
    };
    for (const kind of kinds) {
      stream.addEventListener(kind, () => {
        changed.add(kind);
        timer ??= setTimeout(ask, gatherMillis);
      });
    }
    let broken = false;
    stream.onerror = () => void (broken = true);
    stream.onopen = () => {
      if (broken) void client.invalidateQueries();
      broken = false;
    };
    return () => {
      clearTimeout(timer);
      stream.close();
    };
  }, [client]);
}
