import { Button, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { type Choices, type Course, query, Refused, type Session } from '../api.js';
import { useAnswer, useDesk, usePatientName } from '../data.js';
import { Answer, Trouble } from '../parts/answer.js';
import { Person } from '../parts/person.js';
import { isMovable, SessionActions } from '../parts/session-actions.js';
import { useSessionCommand } from '../parts/session-command.js';
import { Week } from '../parts/week.js';
import { StatusSign } from '../signs.js';
import { dayAndTime, dayOf, dayWords, mondayOf, roomWord, shiftDay, treatment } from '../words.js';

const week = 7;
const nearestShown = 4;
const overriders: readonly string[] = ['provider', 'medical_director'];

const choicesPath = (session: Session, from: string, days: number) =>
  `courses/${encodeURIComponent(session.courseId)}/choices?${query({ sessionId: session.id, from, days })}`;

const distance = (one: string, other: string) => Math.abs(Date.parse(one) - Date.parse(other));

/** The free starts nearest to one that was refused, of each half of a day one, so that they are choices and not neighbours. */
function nearestOf({ items }: Choices, asked: string): readonly string[] {
  const byDistance = items.flatMap(({ starts }) => starts).sort((one, other) => distance(one, asked) - distance(other, asked));
  const halves = new Map<string, string>();
  for (const start of byDistance) {
    const half = `${start.slice(0, 10)} ${start.slice(11, 13) < '17'}`;
    if (!halves.has(half)) halves.set(half, start);
  }
  return [...halves.values()].slice(0, nearestShown);
}

interface Asked {
  readonly start: string;
  readonly override?: string;
}

/** Why a move was refused, where else the visit may go, and for those who may: all the same, with a reason that is kept. */
function Refusal({ error, asked, session, move }: { error: Error; asked: string; session: Session; move: (to: Asked) => void }) {
  const { me, timeZone } = useDesk();
  const zone = session.timeZone ?? timeZone;
  const forbidden = error instanceof Refused && error.status === 409;
  const around = useAnswer<Choices>('session', choicesPath(session, shiftDay(dayOf(asked, zone), -6), 2 * week), forbidden);
  const [reason, setReason] = useState('');
  if (!forbidden) return <Trouble error={error} again={() => move({ start: asked })} />;
  const nearest = around.data === undefined ? [] : nearestOf(around.data, asked);
  return (
    <div className="trouble" role="alert">
      <strong>Not moved to {dayAndTime(asked, zone)}</strong>
      <p>{error.message} The visit stays where it was.</p>
      {nearest.length > 0 ? <p>The nearest that may be:</p> : around.isSuccess ? <p>No time is free within a week of it.</p> : null}
      <div className="row head">
        {nearest.map((start) => (
          <Button key={start} variant="default" onClick={() => move({ start })}>
            {dayAndTime(start, zone)}
          </Button>
        ))}
      </div>
      {me.roles.some((role) => overriders.includes(role)) ? (
        <form className="row head override" onSubmit={(event) => (event.preventDefault(), move({ start: asked, override: reason.trim() }))}>
          <TextInput label="Or move it there all the same, because" value={reason} onChange={(event) => setReason(event.currentTarget.value)} maxLength={500} />
          <Button type="submit" variant="default" disabled={reason.trim() === ''}>
            Move and keep the reason
          </Button>
        </form>
      ) : null}
    </div>
  );
}

function useMoving(session: Session) {
  const command = useSessionCommand();
  const [undoable, setUndoable] = useState<{ readonly from: string; readonly to: string } | null>(null);
  const [asked, setAsked] = useState('');
  const end = (start: string) => new Date(Date.parse(start) + Date.parse(session.end ?? start) - Date.parse(session.start ?? start)).toISOString();
  const send = (start: string, body: object, done: () => void) => {
    setAsked(start);
    setUndoable(null);
    command.mutate({ session, verb: 'reschedule', body: { start, ...body }, expected: { start, end: end(start) } }, { onSuccess: done });
  };
  const move = ({ start, override }: Asked) => {
    const from = session.start;
    const body = override === undefined ? {} : { override: { reason: override } };
    send(start, body, () => setUndoable(from === null ? null : { from, to: start }));
  };
  const undo = () => undoable !== null && send(undoable.from, { reason: 'undone' }, () => setUndoable(null));
  return { command, undoable, asked, move, undo };
}

function Days({ session, monday, move }: { session: Session; monday: string; move: (to: Asked) => void }) {
  const { timeZone, now } = useDesk();
  const zone = session.timeZone ?? timeZone;
  const who = usePatientName(session.patientId);
  const choices = useAnswer<Choices>('session', choicesPath(session, monday, week));
  return (
    <Answer of={choices}>
      {(known) => (
        <Week key={monday} choices={known} session={session} who={who} timeZone={zone} today={dayOf(now, zone)} choose={(start) => move({ start })} />
      )}
    </Answer>
  );
}

function Mover({ session }: { session: Session }) {
  const { timeZone, now } = useDesk();
  const zone = session.timeZone ?? timeZone;
  const { command, undoable, asked, move, undo } = useMoving(session);
  const [monday, setMonday] = useState(mondayOf(dayOf(session.start ?? now, zone)));
  const earliest = mondayOf(dayOf(now, zone));
  return (
    <>
      <div aria-live="polite">
        {undoable === null ? null : (
          <p className="done row">
            <span>Moved to {dayAndTime(undoable.to, zone)}. The patient is told by itself, and later visits follow.</span>
            <Button variant="default" size="compact-sm" onClick={undo}>
              Undo
            </Button>
          </p>
        )}
      </div>
      {command.isError ? <Refusal error={command.error} asked={asked} session={session} move={move} /> : null}
      <div className="row week-of">
        <h2>Week of {dayWords(monday)}</h2>
        <div className="actions">
          <Button variant="default" size="compact-sm" disabled={monday <= earliest} onClick={() => setMonday(shiftDay(monday, -week))}>
            Week before
          </Button>
          <Button variant="default" size="compact-sm" onClick={() => setMonday(mondayOf(dayOf(session.start ?? now, zone)))}>
            Its week
          </Button>
          <Button variant="default" size="compact-sm" onClick={() => setMonday(shiftDay(monday, week))}>
            Week after
          </Button>
        </div>
      </div>
      <Days session={session} monday={monday} move={move} />
    </>
  );
}

function About({ session, children }: { session: Session; children: ReactNode }) {
  const { staffName, timeZone } = useDesk();
  return (
    <>
      <div className="row about">
        <div>
          <h1>
            <Person id={session.patientId} />, {treatment(session.protocolId).toLowerCase()}, visit {session.number}
          </h1>
          <p className="soft">
            {session.start === null ? 'No time yet' : dayAndTime(session.start, session.timeZone ?? timeZone)} · {staffName(session.providerId)} ·{' '}
            {session.roomId === null ? 'no room' : roomWord(session.roomId, session.locationId)} <StatusSign status={session.status} />
          </p>
        </div>
        <SessionActions session={session} move={false} />
      </div>
      {children}
    </>
  );
}

/** One session: its buttons, and a week of days to move it in. */
export function MovePage({ courseId, sessionId }: { courseId: string; sessionId: string }) {
  const course = useAnswer<Course>('session', `courses/${encodeURIComponent(courseId)}`);
  return (
    <>
      <p>
        <a href="#/upcoming">All upcoming sessions</a>
      </p>
      <Answer of={course} empty={({ sessions }) => (sessions.some(({ id }) => id === sessionId) ? null : 'This visit is not in the course any more.')}>
        {({ sessions }) =>
          sessions
            .filter(({ id }) => id === sessionId)
            .map((session) => (
              <About key={session.id} session={session}>
                {isMovable(session) ? <Mover session={session} /> : <p className="nothing">What has begun, is over or called off is not moved.</p>}
              </About>
            ))
        }
      </Answer>
    </>
  );
}
