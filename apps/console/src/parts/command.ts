import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { send, type Verb } from '../api.js';

/** A command on one kind of thing; afterwards that kind is asked for anew. */
export function useCommand(kind: string): UseMutationResult<unknown, Error, { readonly path: string; readonly body?: object; readonly method?: Verb }> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ path, body, method = 'POST' }) => send(method, path, body),
    onSettled: () => client.invalidateQueries({ queryKey: [kind] }),
  });
}
