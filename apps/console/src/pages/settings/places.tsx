import { useAnswer } from '../../data.js';
import { Answer } from '../../parts/answer.js';
import type { ClinicSettings, WeeklyHours } from '../../settings.js';
import { channelWord, plain } from '../../words.js';
import { coverWords, dateWords, hoursOf, weekdays } from './clinic-words.js';

function Week({ hours }: { hours: WeeklyHours }) {
  return (
    <dl className="week">
      {weekdays.map((day, index) => (
        <div key={day}>
          <dt>{day}</dt>
          <dd>{hoursOf(hours, index + 1)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Kept({ title, items }: { title: string; items: ClinicSettings['rooms'] }) {
  return items.length === 0 ? null : (
    <>
      <h3>{title}</h3>
      <ul>
        {items.map(({ id, protocols }) => (
          <li key={id}>
            <strong>{id}</strong> <span className="soft">{protocols.map(coverWords).join('; ')}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

const Change = ({ href, what }: { href: string; what: string }) => (
  <p>
    <a className="go" href={href} aria-label={`Change ${what}`}>
      Change
    </a>
  </p>
);

function Place({ place, settings, mayEdit }: { place: ClinicSettings['locations'][number]; settings: ClinicSettings; mayEdit: boolean }) {
  const here = ({ location }: { location: string }) => location === place.id;
  return (
    <section className="card" aria-label={place.name}>
      <h2>
        {place.name}, {place.state}
      </h2>
      <Week hours={place.hours} />
      <h3>Closed</h3>
      <p>{place.closed.length === 0 ? 'No day is set.' : place.closed.map(dateWords).join('; ')}</p>
      <Kept title="Rooms" items={settings.rooms.filter(here)} />
      <Kept title="Devices" items={settings.devices.filter(here)} />
      {mayEdit ? <Change href={`#/settings/places/${encodeURIComponent(place.id)}`} what={place.name} /> : null}
    </section>
  );
}

/** Whom an urgent reply pages, rung by rung, until somebody has it. */
function Ladder({ escalation, staff, mayEdit }: Pick<ClinicSettings, 'escalation' | 'staff'> & { mayEdit: boolean }) {
  const named = (role: string) =>
    staff
      .filter(({ roles }) => roles.includes(role))
      .map(({ name }) => name)
      .join(', ');
  return (
    <section className="card" aria-label="Who is called">
      <h2>Who is called when a reply is urgent</h2>
      <ol>
        {escalation.map(({ afterMinutes, role, channels }) => (
          <li key={`${afterMinutes}/${role}`}>
            {afterMinutes === 0 ? 'At once' : `After ${afterMinutes} min`}: {plain(role).toLowerCase()}, by {channels.map(channelWord).join(' and ')}{' '}
            <span className="soft">{named(role) || 'nobody has this role'}</span>
          </li>
        ))}
      </ol>
      {mayEdit ? <Change href="#/settings/places/ladder" what="who is called" /> : null}
    </section>
  );
}

export function Places({ mayEdit }: { mayEdit: boolean }) {
  const settings = useAnswer<ClinicSettings>('clinic', 'clinic/settings');
  return (
    <>
      <h1>Places and hours</h1>
      <Answer of={settings}>
        {(found) => (
          <>
            <div className="beside">
              {found.locations.map((place) => (
                <Place key={place.id} place={place} settings={found} mayEdit={mayEdit} />
              ))}
            </div>
            <Ladder escalation={found.escalation} staff={found.staff} mayEdit={mayEdit} />
            <section className="card" aria-label="When patients are written to">
              <h2>When patients are written to</h2>
              <Week hours={found.contactHours} />
              <p className="soft">
                At most {found.messageCaps.perDay} text a day and {found.messageCaps.perWeek} a week.
              </p>
            </section>
          </>
        )}
      </Answer>
    </>
  );
}
