import { Button, Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

/** What was asked for, or the truth about why it is not there: still coming, refused, or nothing to show. */
export function Answer<T>({ of, empty, children }: { of: UseQueryResult<T, Error>; empty?: (answer: T) => string | null; children: (answer: T) => ReactNode }) {
  if (of.data !== undefined) {
    const nothing = empty?.(of.data) ?? null;
    return nothing === null ? <>{children(of.data)}</> : <p className="nothing">{nothing}</p>;
  }
  if (of.isError) return <Trouble error={of.error} again={() => void of.refetch()} />;
  return (
    <div role="status" aria-label="Loading">
      {[1, 2, 3].map((row) => (
        <Skeleton key={row} height={40} mb={8} />
      ))}
    </div>
  );
}

/** What happened, what was kept, what to do. */
export function Trouble({ error, again }: { error: Error; again?: () => void }) {
  return (
    <div className="trouble" role="alert">
      <strong>That did not work</strong>
      <p>{error.message}</p>
      {again === undefined ? null : (
        <Button variant="default" onClick={again}>
          Try again
        </Button>
      )}
    </div>
  );
}
