import { useAnswer, useDesk } from '../../data.js';
import { Answer } from '../../parts/answer.js';
import type { ClinicSettings } from '../../settings.js';
import { Sign } from '../../signs.js';
import { dayOf, plain } from '../../words.js';
import { coverWords, dateWords, warningOf, weekdays } from './clinic-words.js';

function Good({ what, until }: { what: string; until: string }) {
  const { now, timeZone } = useDesk();
  const warning = warningOf(until, dayOf(now, timeZone));
  return (
    <li>
      {what} {warning === null ? null : <Sign look={warning.look} word={warning.word} />} <span className="soft">until {dateWords(until)}</span>
    </li>
  );
}

function Week({ person: { hours }, locations }: { person: ClinicSettings['staff'][number] } & Pick<ClinicSettings, 'locations'>) {
  return locations.map(({ id, name }) => {
    const days = Object.entries(hours[id] ?? {});
    return days.length === 0 ? null : (
      <p key={id}>
        {name}:{' '}
        {days.map(([day, ranges]) => `${weekdays[Number(day) - 1]?.slice(0, 3) ?? ''} ${ranges.map(([from, to]) => `${from} to ${to}`).join(', ')}`).join('; ')}
      </p>
    );
  });
}

/** Who works here, what they may do and until when. */
export function Staff({ mayEdit }: { mayEdit: boolean }) {
  const settings = useAnswer<ClinicSettings>('clinic', 'clinic/settings');
  return (
    <>
      <h1>Staff</h1>
      <p className="soft">Nobody is booked after the last day of a licence or certification. Ninety days before it is said here.</p>
      {mayEdit ? (
        <p>
          <a className="go" href="#/settings/staff/new">
            Somebody new
          </a>
        </p>
      ) : null}
      <Answer of={settings}>
        {({ staff, locations }) => (
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Roles</th>
                <th scope="col">Licences and certifications</th>
                <th scope="col">Hours</th>
              </tr>
            </thead>
            <tbody>
              {staff.map((person) => (
                <tr key={person.id}>
                  <td data-label="Name">
                    {mayEdit ? <a href={`#/settings/staff/${encodeURIComponent(person.id)}`}>{person.name}</a> : <strong>{person.name}</strong>}
                  </td>
                  <td data-label="Roles">{person.roles.map(plain).join(', ')}</td>
                  <td data-label="May do">
                    {person.licences.length + person.certifications.length === 0 ? null : (
                      <ul className="plain">
                        {person.licences.map(({ kind, state, until }) => (
                          <Good key={`${kind}/${state}`} what={`${kind} in ${state}`} until={until} />
                        ))}
                        {person.certifications.map(({ protocols, until }) => (
                          <Good key={protocols.join()} what={protocols.map(coverWords).join('; ')} until={until} />
                        ))}
                      </ul>
                    )}
                  </td>
                  <td data-label="Hours">
                    <Week person={person} locations={locations} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answer>
    </>
  );
}
