import type { Page } from '../../api.js';
import { useAnswer, useDesk } from '../../data.js';
import { Answer } from '../../parts/answer.js';
import { When } from '../../parts/when.js';
import type { ProtocolRow } from '../../settings.js';
import { Sign } from '../../signs.js';
import { treatment } from '../../words.js';

function State({ inForce }: Pick<ProtocolRow, 'inForce'>) {
  return inForce === null ? <Sign look="soon" word="Not in force" /> : <Sign look="fine" word={`Version ${inForce.version}`} />;
}

export function Protocols() {
  const { staffName } = useDesk();
  const protocols = useAnswer<Page<ProtocolRow>>('protocol', 'protocols');
  return (
    <>
      <h1>Protocols</h1>
      <p className="soft">Nothing is booked under a protocol until the medical director has put it in force. Booked sessions keep their version.</p>
      <Answer of={protocols}>
        {({ items }) => (
          <table>
            <thead>
              <tr>
                <th scope="col">Treatment</th>
                <th scope="col">In force</th>
                <th scope="col">Signed by</th>
                <th scope="col">Left to the clinic</th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ id, inForce, mustSet }) => (
                <tr key={id}>
                  <td data-label="Treatment">
                    <a href={`#/settings/protocols/${id}`}>{treatment(id)}</a>
                  </td>
                  <td data-label="In force">
                    <State inForce={inForce} />
                  </td>
                  <td data-label="Signed by">
                    {inForce === null ? null : (
                      <>
                        {staffName(inForce.activatedBy)}, <When at={inForce.activatedAt} />
                      </>
                    )}
                  </td>
                  <td data-label="Left to us">{mustSet.length === 0 ? null : mustSet.length === 1 ? '1 figure' : `${mustSet.length} figures`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answer>
    </>
  );
}
