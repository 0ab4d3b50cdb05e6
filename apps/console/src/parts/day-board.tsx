import type { CSSProperties } from 'react';
import type { Session, Task } from '../api.js';
import { useDesk } from '../data.js';
import { Sign, StatusSign } from '../signs.js';
import { clockTime, dayOf, minutesBetween, minutesOf, treatment } from '../words.js';
import { Person } from './person.js';
import { presenceOf, readinessOf } from './readiness.js';
import { SessionActions } from './session-actions.js';

const hour = 60;
const deskDay = { first: 9, last: 17 };

export interface Lane {
  readonly id: string;
  readonly name: string;
  readonly sessions: readonly Session[];
}

interface Axis {
  /** The hours that are drawn, first to last. */
  readonly hours: readonly number[];
  readonly timeZone: string;
}

function axisOf(lanes: readonly Lane[], timeZone: string): Axis {
  const times = lanes.flatMap(({ sessions }) => sessions.flatMap(({ start, end }) => [start, end].filter((at) => at !== null)));
  const minutes = times.map((at) => minutesOf(at, timeZone));
  const first = Math.floor(Math.min(deskDay.first * hour, ...minutes) / hour);
  const last = Math.ceil(Math.max(deskDay.last * hour, ...minutes) / hour);
  return { hours: Array.from({ length: last - first }, (_hour, index) => first + index), timeZone };
}

const fromTop = (instant: string, { hours, timeZone }: Axis) => minutesOf(instant, timeZone) - (hours[0] ?? 0) * hour;

function Presence({ session }: { session: Session }) {
  const { now } = useDesk();
  const { kind, minutes } = presenceOf(session, now);
  return kind === 'late' ? <Sign look="urgent" word={`${minutes} min late`} /> : <StatusSign status={session.status} />;
}

function Block({ session, tasks, axis, place }: { session: Session; tasks: readonly Task[]; axis: Axis; place: string | null }) {
  const { start, end, timeZone, status, protocolId, number, patientId } = session;
  const { now } = useDesk();
  const zone = timeZone ?? axis.timeZone;
  const checks = readinessOf(session, tasks);
  const style = start === null ? {} : { '--top': fromTop(start, axis), '--length': minutesBetween(start, end ?? start) };
  return (
    <li className="block" data-status={status} data-presence={presenceOf(session, now).kind} style={style as CSSProperties}>
      <div className="row">
        <strong>{start === null ? '' : clockTime(start, zone)}</strong>
        <Presence session={session} />
      </div>
      <Person id={patientId} />
      <div className="soft">
        {treatment(protocolId)}, visit {number}
        {place === null ? '' : ` · ${place}`}
      </div>
      {checks.length === 0 ? null : (
        <ul className="plain checks" aria-label="Readiness">
          {checks.map(({ what, ok, say }) => (
            <li key={what + say} data-ok={ok} title={`${what}: ${say}`}>
              <span aria-hidden="true">{ok ? '✓' : '!'}</span> {what}
              {ok ? null : <span className="say">: {say}</span>}
            </li>
          ))}
        </ul>
      )}
      <SessionActions session={session} />
    </li>
  );
}

/** The line of the present moment, only on its own day and within the hours that are drawn. */
function NowLine({ axis, date }: { axis: Axis; date: string }) {
  const { now } = useDesk();
  const top = fromTop(now, axis);
  if (dayOf(now, axis.timeZone) !== date || top < 0 || top > axis.hours.length * hour) return null;
  return (
    <div className="now" style={{ '--top': top } as CSSProperties}>
      <span>Now {clockTime(now, axis.timeZone)}</span>
    </div>
  );
}

interface BoardProps {
  readonly lanes: readonly Lane[];
  readonly tasks: readonly Task[];
  readonly date: string;
  readonly timeZone: string;
  /** Where else a session takes place: its room among providers, its provider among rooms. */
  readonly placeOf: (session: Session) => string | null;
}

/** A day on one axis of time, a lane for each provider or room; on a phone the lanes are lists. */
export function DayBoard({ lanes, tasks, date, timeZone, placeOf }: BoardProps) {
  const axis = axisOf(lanes, timeZone);
  return (
    <div className="board" style={{ '--lanes': lanes.length, '--hours': axis.hours.length } as CSSProperties}>
      <div className="clock" aria-hidden="true">
        {axis.hours.map((each) => (
          <span key={each}>{`${((each + 11) % 12) + 1} ${each < 12 ? 'AM' : 'PM'}`}</span>
        ))}
      </div>
      {lanes.map(({ id, name, sessions }) => (
        <section key={id} aria-label={name}>
          <h2>{name}</h2>
          <ol className="plain lane">
            {sessions.map((session) => (
              <Block key={session.id} session={session} tasks={tasks} axis={axis} place={placeOf(session)} />
            ))}
          </ol>
        </section>
      ))}
      <NowLine axis={axis} date={date} />
    </div>
  );
}
