import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { post } from '../api.js';

/** A command on one kind of thing; afterwards that kind is asked for anew. */
export function useCommand(kind: string): UseMutationResult<unknown, Error, { readonly path: string; readonly body?: object }> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ path, body }) => post(path, body),
    onSettled: () => client.invalidateQueries({ queryKey: [kind] }),
  });
}
