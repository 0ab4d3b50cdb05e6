import type { Session } from '../api.js';
import { useDesk } from '../data.js';
import { StatusSign } from '../signs.js';
import { clockTime, dayOf, dayWords, shiftDay, treatment } from '../words.js';
import { Person } from './person.js';
import { isMovable, moveAddress } from './session-actions.js';

const days = [0, 1, 2, 3, 4, 5, 6] as const;

function Visit({ session }: { session: Session }) {
  const { staffName, timeZone } = useDesk();
  return (
    <li data-visit={session.id} data-status={session.status}>
      <div className="row">
        <strong>{session.start === null ? '' : clockTime(session.start, session.timeZone ?? timeZone)}</strong>
        <StatusSign status={session.status} />
      </div>
      <Person id={session.patientId} />
      <span className="soft">
        {treatment(session.protocolId)}, visit {session.number} · {staffName(session.providerId)}
      </span>
      {isMovable(session) ? <a href={moveAddress(session)}>Move</a> : null}
    </li>
  );
}

/** Seven days side by side, each with its visits by time; on a phone one under the other. */
export function WeekOfVisits({ from, sessions, today }: { from: string; sessions: readonly Session[]; today: string }) {
  const { timeZone } = useDesk();
  const on = ({ start, timeZone: zone }: Session) => (start === null ? '' : dayOf(start, zone ?? timeZone));
  return (
    <div className="visits">
      {days.map((after) => {
        const date = shiftDay(from, after);
        const own = sessions.filter((session) => on(session) === date);
        return (
          <section key={date} aria-label={dayWords(date)} data-today={date === today}>
            <h3>{dayWords(date)}</h3>
            {own.length === 0 ? (
              <p className="soft">No visits</p>
            ) : (
              <ol className="plain">
                {own.map((session) => (
                  <Visit key={session.id} session={session} />
                ))}
              </ol>
            )}
          </section>
        );
      })}
    </div>
  );
}
