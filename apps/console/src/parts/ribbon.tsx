import type { Ribbon } from '../api.js';
import { useDesk } from '../data.js';
import { dayOf, dayWords, daysFrom, monthWord, sentence, shiftDay, statusWords, treatment } from '../words.js';

type Band = Ribbon['bands'][number];

/** Rows from top to bottom, so that bands of two kinds never cover each other. */
const rows: Readonly<Record<Band['kind'], { readonly y: number; readonly word: string }>> = {
  window: { y: 44, word: 'May be treated' },
  downtime: { y: 70, word: 'Downtime' },
  sun: { y: 96, word: 'No sun' },
  washout: { y: 122, word: 'Washout' },
};
const kinds = ['window', 'downtime', 'sun', 'washout'] as const;
const [width, height, left, bandHeight, markY] = [1_000, 152, 112, 20, 28];

const datesOf = ({ from, to }: Band) => (from === to ? dayWords(from) : `${dayWords(from)} to ${dayWords(to)}`);

/** Patterns tell the bands apart without colour. */
function Patterns() {
  const line = (kind: Band['kind'], turn: number) => (
    <pattern key={kind} id={`band-${kind}`} width="8" height="8" patternUnits="userSpaceOnUse" patternTransform={`rotate(${turn})`}>
      <rect width="8" height="8" className={`band ${kind}`} />
      {kind === 'sun' ? <circle cx="4" cy="4" r="1.4" className="stroke" /> : kind === 'window' ? null : <rect width="1.6" height="8" className="stroke" />}
    </pattern>
  );
  return <defs>{[line('window', 0), line('downtime', 90), line('sun', 0), line('washout', 45)]}</defs>;
}

interface Scale {
  readonly x: (date: string) => number;
  readonly ribbon: Ribbon;
}

function Months({ x, ribbon }: Scale) {
  const length = daysFrom(ribbon.from, ribbon.to);
  const firsts = Array.from({ length: length + 1 }, (_day, days) => shiftDay(ribbon.from, days)).filter((date) => date.endsWith('-01'));
  return firsts.map((date) => (
    <g key={date}>
      <line x1={x(date)} x2={x(date)} y1={12} y2={height} className="month" />
      <text x={x(date) + 4} y={12} className="word">
        {monthWord(date)}
      </text>
    </g>
  ));
}

function Marks({ x, ribbon }: Scale) {
  return (
    <>
      {ribbon.events.map(({ on, name }) => (
        <g key={on + (name ?? '')} className="event">
          <line x1={x(on)} x2={x(on)} y1={markY - 10} y2={height} />
          <path d={`M${x(on)} ${markY - 10}h12l-3 4 3 4h-12z`} />
          <text x={x(on) + 16} y={markY - 1} className="word">
            {name ?? 'event'}
          </text>
          <title>{`${sentence(name ?? 'social event')}, ${dayWords(on)}`}</title>
        </g>
      ))}
      {ribbon.sessions.map(({ id, number, on, status, protocolId }) => (
        <g key={id} className="visit" data-status={status}>
          <line x1={x(on)} x2={x(on)} y1={markY} y2={height} />
          <circle cx={x(on)} cy={markY} r="11" />
          <text x={x(on)} y={markY + 4.5} textAnchor="middle">
            {number}
          </text>
          <title>{`${treatment(protocolId)}, visit ${number}, ${dayWords(on)}, ${statusWords[status].word.toLowerCase()}`}</title>
        </g>
      ))}
    </>
  );
}

function Picture({ ribbon, today }: { ribbon: Ribbon; today: string }) {
  const length = Math.max(1, daysFrom(ribbon.from, ribbon.to) + 1);
  const x = (date: string) => left + (daysFrom(ribbon.from, date) * (width - left)) / length;
  const scale = { x, ribbon };
  return (
    <svg className="ribbon" viewBox={`0 0 ${width} ${height}`} role="img" aria-label="The course as a ribbon of days. The same stands below in words.">
      <Patterns />
      <Months {...scale} />
      {kinds.map((kind) => (
        <text key={kind} x="0" y={rows[kind].y + 15} className="word">
          {rows[kind].word}
        </text>
      ))}
      {ribbon.bands.map((band) => (
        <rect
          key={band.kind + band.from + band.say}
          x={x(band.from)}
          y={rows[band.kind].y}
          width={x(shiftDay(band.to, 1)) - x(band.from)}
          height={bandHeight}
          rx="3"
          fill={`url(#band-${band.kind})`}
          className={`edge ${band.kind}`}
        >
          <title>{`${sentence(band.say)}: ${datesOf(band)}`}</title>
        </rect>
      ))}
      {today < ribbon.from || today > ribbon.to ? null : (
        <g className="today">
          <line x1={x(today)} x2={x(today)} y1={markY - 8} y2={height} />
          <text x={x(today) + 4} y={height - 2} className="word">
            today
          </text>
        </g>
      )}
      <Marks {...scale} />
    </svg>
  );
}

/** The ribbon in words: one line for each visit, band and event, by date. */
function Words({ ribbon }: { ribbon: Ribbon }) {
  const lines = [
    ...ribbon.sessions.map(({ on, number, protocolId, status }) => ({
      on,
      say: `${dayWords(on)}: ${treatment(protocolId)}, visit ${number}, ${statusWords[status].word.toLowerCase()}`,
    })),
    ...ribbon.bands.map((band) => ({ on: band.from, say: `${datesOf(band)}: ${band.say}` })),
    ...ribbon.events.map(({ on, name }) => ({ on, say: `${dayWords(on)}: ${name ?? 'a social event'}` })),
  ].sort((one, other) => one.on.localeCompare(other.on));
  return (
    <details>
      <summary>The same in words</summary>
      <ul>
        {lines.map(({ say }) => (
          <li key={say}>{say}</li>
        ))}
      </ul>
    </details>
  );
}

/** A course as a ribbon: what ties each date to the others, drawn on one axis and said in words. */
export function RecoveryRibbon({ ribbon }: { ribbon: Ribbon }) {
  const { now } = useDesk();
  return (
    <div className="ribbon-box">
      <div className="sideways" tabIndex={0} role="region" aria-label="Ribbon">
        <Picture ribbon={ribbon} today={dayOf(now, ribbon.timeZone)} />
      </div>
      <Words ribbon={ribbon} />
    </div>
  );
}
