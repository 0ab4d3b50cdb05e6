import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { type Course, type Page, post, type Session } from '../api.js';

export interface SessionCommand {
  readonly session: Session;
  readonly verb: 'confirm' | 'arrive' | 'complete' | 'no-show' | 'cancel' | 'reschedule';
  readonly body?: object;
  /** What the session will be if the clinic says yes: shown at once, and taken back if it says no. */
  readonly expected: Partial<Session>;
}

const inList = (sessions: readonly Session[], id: string, expected: Partial<Session>): readonly Session[] =>
  sessions.map((session) => (session.id === id ? { ...session, ...expected } : session));

/** What a page knows of sessions lies in lists and in courses; anything else stays as it is. */
function withExpected(known: unknown, { session, expected }: SessionCommand): unknown {
  if (typeof known !== 'object' || known === null) return known;
  if ('sessions' in known) return { ...known, sessions: inList((known as Course).sessions, session.id, expected) };
  if ('items' in known) return { ...known, items: inList((known as Page<Session>).items, session.id, expected) };
  return known;
}

/** A command on a session, shown before it is answered. */
export function useSessionCommand(): UseMutationResult<Session, Error, SessionCommand> {
  const client = useQueryClient();
  const queryKey = ['session'];
  return useMutation({
    mutationFn: ({ session, verb, body }: SessionCommand) => post<Session>(`sessions/${encodeURIComponent(session.id)}/${verb}`, body),
    onMutate: async (command: SessionCommand) => {
      await client.cancelQueries({ queryKey });
      const before = client.getQueriesData<unknown>({ queryKey });
      client.setQueriesData<unknown>({ queryKey }, (known: unknown) => withExpected(known, command));
      return { before };
    },
    onError: (_error, _command, saved) => saved?.before.forEach(([key, known]) => client.setQueryData(key, known)),
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
}
