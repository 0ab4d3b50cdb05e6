import { useAnswer, useDesk } from '../../data.js';
import { Answer } from '../../parts/answer.js';
import { When } from '../../parts/when.js';
import type { Protocol, ReviewedFigure } from '../../settings.js';
import { Sign } from '../../signs.js';
import { plain, treatment } from '../../words.js';
import { Activation } from './activation.js';
import { figureWords, statusWords, valueWords } from './figures.js';

/** Each source is a link of its own, with its grade: A the strongest. */
function Sources({ ids, sources }: { ids: readonly string[] } & Pick<Protocol, 'sources'>) {
  return ids.map((id) => {
    const source = sources.find((each) => each.id === id);
    return source === undefined ? null : (
      <span key={id} className="source">
        <a href={source.url} target="_blank" rel="noreferrer" title={source.title}>
          {id}
        </a>{' '}
        <span className="soft">({source.grade})</span>
      </span>
    );
  });
}

function Value({ figure, set }: { figure: ReviewedFigure } & Pick<Protocol, 'set'>) {
  const ours = set[figure.field];
  if (figure.status === 'not_applicable') return <span className="soft">Does not apply</span>;
  if (ours !== undefined)
    return (
      <>
        <strong>{valueWords(ours.value)}</strong> <span className="soft">set by the clinic</span>
      </>
    );
  return figure.clinicSets === null ? (
    <strong>{valueWords(figure.value)}</strong>
  ) : (
    <Sign look={figure.clinicSets === 'must' ? 'soon' : 'quiet'} word="Not set" />
  );
}

function Figures({ protocol: { figures, set, sources } }: { protocol: Protocol }) {
  return (
    <table>
      <caption>Figures and where they come from</caption>
      <thead>
        <tr>
          <th scope="col">Figure</th>
          <th scope="col">Value</th>
          <th scope="col">Standing</th>
          <th scope="col">Sources</th>
          <th scope="col">Note</th>
        </tr>
      </thead>
      <tbody>
        {figures.map((figure) => (
          <tr key={figure.field}>
            <td data-label="Figure">{figureWords(figure.field)}</td>
            <td data-label="Value">
              <Value figure={figure} set={set} />
            </td>
            <td data-label="Standing">{statusWords[figure.status] ?? plain(figure.status)}</td>
            <td data-label="Sources">
              <Sources ids={figure.sourceIds} sources={sources} />
            </td>
            <td data-label="Note">{set[figure.field]?.grounds ?? figure.note}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const daysOf = ({ from, to }: { from: number; to: number | null }) => (to === null ? `from day ${from}` : from === to ? `day ${from}` : `day ${from} to ${to}`);

function Symptoms({ protocol: { expected, redFlags, sources } }: { protocol: Protocol }) {
  const line = (each: Protocol['expected'][number] & { readonly urgency?: string }) => (
    <li key={`${each.code}/${each.from}`}>
      {plain(each.code)}, {daysOf(each)}
      {each.urgency === undefined ? '' : `: ${each.urgency}`} <Sources ids={each.sourceIds} sources={sources} />
    </li>
  );
  return (
    <div className="beside">
      <section className="card" aria-label="Expected after it">
        <h2>Expected after it</h2>
        <ul>{expected.map(line)}</ul>
      </section>
      <section className="card" aria-label="Red flags">
        <h2>Red flags</h2>
        <ul>{redFlags.map(line)}</ul>
      </section>
    </div>
  );
}

/** One protocol as the medical director reads it before putting it in force. */
export function ProtocolPage({ id }: { id: string }) {
  const { staffName } = useDesk();
  const protocol = useAnswer<Protocol>('protocol', `protocols/${encodeURIComponent(id)}`);
  return (
    <>
      <a href="#/settings/protocols">All protocols</a>
      <h1>{treatment(id)}</h1>
      <Answer of={protocol}>
        {(found) => (
          <>
            <p className="soft">{found.label}</p>
            <p role="status">
              {found.inForce === null ? (
                <Sign look="soon" word="Not in force" />
              ) : (
                <>
                  <Sign look="fine" word={`Version ${found.inForce.version} in force`} /> signed by {staffName(found.inForce.activatedBy)},{' '}
                  <When at={found.inForce.activatedAt} />
                </>
              )}
            </p>
            <Activation key={found.inForce?.version ?? 0} protocol={found} />
            <Figures protocol={found} />
            <Symptoms protocol={found} />
          </>
        )}
      </Answer>
    </>
  );
}
