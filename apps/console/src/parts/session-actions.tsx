import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Session, SessionStatus } from '../api.js';
import { useDesk } from '../data.js';
import { dayOf } from '../words.js';
import { Trouble } from './answer.js';
import { type SessionCommand, useSessionCommand } from './session-command.js';

interface Step {
  readonly verb: SessionCommand['verb'];
  readonly word: string;
  readonly becomes: SessionStatus;
}
const confirm: Step = { verb: 'confirm', word: 'Confirm', becomes: 'confirmed' };
const arrive: Step = { verb: 'arrive', word: 'Arrived', becomes: 'arrived' };
const complete: Step = { verb: 'complete', word: 'Done', becomes: 'completed' };
const noShow: Step = { verb: 'no-show', word: 'Did not come', becomes: 'no_show' };

const expectedStatuses: readonly SessionStatus[] = ['booked', 'confirmed'];
const movableStatuses: readonly SessionStatus[] = ['held', 'booked', 'confirmed', 'on_hold'];
export const isMovable = ({ status, start }: Session): boolean => start !== null && movableStatuses.includes(status);
export const moveAddress = ({ courseId, id }: Session): string => `#/upcoming/${encodeURIComponent(courseId)}/${encodeURIComponent(id)}`;

/** What makes sense for a session as things stand: nobody arrives before the day, or fails to come before the hour. */
export function stepsOf({ status, start, timeZone }: Session, now: string, zone: string): readonly Step[] {
  if (status === 'arrived') return [complete];
  if (start === null || !expectedStatuses.includes(status)) return [];
  const at = timeZone ?? zone;
  const isToday = dayOf(start, at) === dayOf(now, at);
  return [...(status === 'booked' && start > now ? [confirm] : []), ...(isToday ? [arrive] : []), ...(start <= now ? [noShow] : [])];
}

function Cancelling({ session, done }: { session: Session; done: () => void }) {
  const command = useSessionCommand();
  const [reason, setReason] = useState('');
  const [by, setBy] = useState('patient');
  const send = () => command.mutate({ session, verb: 'cancel', body: { reason: reason.trim(), by }, expected: { status: 'cancelled' } }, { onSuccess: done });
  return (
    <form className="cancelling" onSubmit={(event) => (event.preventDefault(), send())}>
      <NativeSelect
        label="Who cancels"
        value={by}
        onChange={(event) => setBy(event.currentTarget.value)}
        data={[
          { value: 'patient', label: 'The patient' },
          { value: 'clinic', label: 'The clinic' },
        ]}
      />
      <TextInput label="Why" required maxLength={500} value={reason} onChange={(event) => setReason(event.currentTarget.value)} autoFocus />
      {command.isError ? <Trouble error={command.error} /> : null}
      <div className="row head">
        <Button type="submit" color="red" loading={command.isPending} disabled={reason.trim() === ''}>
          Cancel the visit
        </Button>
        <Button variant="default" onClick={done}>
          Keep it
        </Button>
      </div>
    </form>
  );
}

/** The buttons of one session: what comes next at the desk, another time, and calling it off with a reason. */
export function SessionActions({ session, move = true }: { session: Session; move?: boolean }) {
  const { now, timeZone } = useDesk();
  const command = useSessionCommand();
  const [cancelling, setCancelling] = useState(false);
  if (cancelling) return <Cancelling session={session} done={() => setCancelling(false)} />;
  const steps = stepsOf(session, now, timeZone);
  if (steps.length === 0 && !isMovable(session) && !command.isError) return null;
  return (
    <div className="actions">
      {steps.map(({ verb, word, becomes }) => (
        <Button
          key={verb}
          variant="default"
          size="compact-sm"
          loading={command.isPending && command.variables.verb === verb}
          onClick={() => command.mutate({ session, verb, expected: { status: becomes } })}
        >
          {word}
        </Button>
      ))}
      {move && isMovable(session) ? (
        <Button component="a" variant="default" size="compact-sm" href={moveAddress(session)}>
          Move
        </Button>
      ) : null}
      {isMovable(session) ? (
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setCancelling(true)}>
          Cancel…
        </Button>
      ) : null}
      {command.isError ? <Trouble error={command.error} /> : null}
    </div>
  );
}
