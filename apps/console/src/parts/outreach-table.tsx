import type { Outreach } from '../api.js';
import { useDesk } from '../data.js';
import { OutreachSign } from '../signs.js';
import { channelWord, plain, sentence, treatment } from '../words.js';
import { Person } from './person.js';
import { When } from './when.js';

/** A reason as it stands in the ledger, with names for the ids of people and treatments, and words for codes. */
export function useNamed(): (text: string) => string {
  const { clinic } = useDesk();
  return (text) =>
    clinic.staff
      .reduce((said, { id, name }) => said.replaceAll(id, name), text)
      .replaceAll(/\b[a-z_]+\.[a-z0-9_]+\b/g, (protocolId) => treatment(protocolId).toLowerCase())
      .replaceAll('_', ' ');
}

/** What somebody has to do about a message that reached nobody, and who is at it. */
function Done({ tasks }: Pick<Outreach, 'tasks'>) {
  const { staffName } = useDesk();
  if (tasks.length === 0) return 'Nothing had to be done';
  return (
    <ul className="plain">
      {tasks.map(({ id, kind, status, dueAt, role, acknowledgedBy }) => (
        <li key={id}>
          <a href="#/tasks">{plain(kind)}</a>{' '}
          {status === 'done' ? (
            'done'
          ) : status === 'acknowledged' ? (
            `${staffName(acknowledgedBy)} has it`
          ) : (
            <>
              for {plain(role ?? 'anyone').toLowerCase()}, due <When at={dueAt} relative />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Messages of the ledger. `linkTo`: where one of them is shown whole; `tasks`: what was done about each. */
export function OutreachTable({
  rows,
  person = true,
  tasks = false,
  linkTo,
}: {
  rows: readonly Outreach[];
  person?: boolean;
  tasks?: boolean;
  linkTo?: (id: string) => string;
}) {
  const named = useNamed();
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Due</th>
          {person ? <th scope="col">Patient</th> : null}
          <th scope="col">What</th>
          <th scope="col">By</th>
          <th scope="col">Status</th>
          <th scope="col">Why</th>
          {tasks ? <th scope="col">What was done</th> : null}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, dueAt, patientId, touchpoint, channel, status, held, why, tasks: followed }) => (
          <tr key={id}>
            <td data-label="Due">
              <When at={dueAt} />
            </td>
            {person ? <td data-label="Patient">{patientId === null ? 'Staff' : <Person id={patientId} />}</td> : null}
            <td data-label="What">{linkTo === undefined ? plain(touchpoint) : <a href={linkTo(id)}>{plain(touchpoint)}</a>}</td>
            <td data-label="By">{sentence(channelWord(channel))}</td>
            <td data-label="Status">
              <OutreachSign status={status} held={held} />
            </td>
            <td data-label="Why">{sentence(named(why ?? ''))}</td>
            {tasks ? (
              <td data-label="Done">
                <Done tasks={followed} />
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
