import type { ReactNode } from 'react';

/** How a part of a picture is filled: by colour and by pattern, so that none rests on colour alone. */
export type Fill = 'fine' | 'plain' | 'soon' | 'urgent' | 'quiet' | 'none';

export interface Part {
  readonly word: string;
  readonly value: number;
  readonly fill: Fill;
}

const hatched = { width: 6, height: 6, patternUnits: 'userSpaceOnUse' } as const;

/** The patterns that all pictures of the page use; once on it. */
export function Patterns() {
  return (
    <svg width="0" height="0" aria-hidden="true" className="patterns">
      <defs>
        <pattern id="fill-soon" {...hatched} patternTransform="rotate(45)">
          <rect width="6" height="6" className="under" />
          <rect width="3" height="6" className="ink-soon" />
        </pattern>
        <pattern id="fill-urgent" {...hatched}>
          <rect width="6" height="6" className="ink-urgent" />
          <path d="M0 0l6 6M6 0l-6 6" className="scratch" />
        </pattern>
        <pattern id="fill-quiet" {...hatched}>
          <rect width="6" height="6" className="under" />
          <circle cx="3" cy="3" r="1.2" className="ink-quiet" />
        </pattern>
      </defs>
    </svg>
  );
}

const share = (value: number, of: number) => `${of === 0 ? 0 : (100 * value) / of}%`;
const said = (parts: readonly Part[]) => parts.map(({ word, value }) => `${word} ${value}`).join(', ');

/** One bar a part, each as long as its value; the longest fills the width. */
export function Bars({ label, parts }: { label: string; parts: readonly Part[] }) {
  const longest = Math.max(1, ...parts.map(({ value }) => value));
  return (
    <div className="bars" role="img" aria-label={`${label}: ${said(parts)}`}>
      {parts.map(({ word, value, fill }) => (
        <div key={word} className="bar">
          <span>{word}</span>
          <svg width="100%" height="20" aria-hidden="true">
            <rect width="100%" height="20" rx="3" className="track" />
            <rect width={share(value, longest)} height="20" rx="3" data-fill={fill} />
          </svg>
          <strong>{value}</strong>
        </div>
      ))}
    </div>
  );
}

/** One bar of all parts together: how much of the whole each is. */
export function Stack({ label, parts }: { label: string; parts: readonly Part[] }) {
  const shown = parts.filter(({ value }) => value > 0);
  const whole = shown.reduce((sum, { value }) => sum + value, 0);
  const before = (index: number) => shown.slice(0, index).reduce((sum, { value }) => sum + value, 0);
  return (
    <svg className="stack" width="100%" height="24" role="img" aria-label={`${label}: ${said(shown)}`}>
      <rect width="100%" height="24" className="track" />
      {shown.map(({ word, value, fill }, index) => (
        <rect key={word} x={share(before(index), whole)} width={share(value, whole)} height="24" data-fill={fill} className="edge">
          <title>{`${word}: ${value}`}</title>
        </rect>
      ))}
    </svg>
  );
}

/** What the fills of a stack mean. */
export function Legend({ parts }: { parts: readonly Omit<Part, 'value'>[] }) {
  return (
    <ul className="legend" aria-label="Legend">
      {parts.map(({ word, fill }) => (
        <li key={word}>
          <svg width="16" height="16" aria-hidden="true">
            <rect width="16" height="16" rx="3" className="track" />
            <rect width="16" height="16" rx="3" data-fill={fill} />
          </svg>
          {word}
        </li>
      ))}
    </ul>
  );
}

export type Cell = string | number;

/** The numbers of a picture, for who wants to read them. */
export function Numbers({ of, heads, rows }: { of: string; heads: readonly string[]; rows: readonly (readonly Cell[])[] }) {
  return (
    <details className="numbers">
      <summary aria-label={`The numbers: ${of}`}>The numbers</summary>
      <table aria-label={of}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join(' ')}>
              {row.map((cell, index) => (
                <td key={heads[index]} data-label={heads[index]}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** A picture with its sentence; without anything to show, what would bring it. */
export function Figure({ title, tells, empty, shape, children }: FigureParts) {
  return (
    <section className="figure" aria-label={title} data-shape={shape}>
      <h2>{title}</h2>
      {empty === null ? (
        <>
          <p className="soft">{tells}</p>
          {children}
        </>
      ) : (
        <p className="soft">{empty}</p>
      )}
    </section>
  );
}

interface FigureParts {
  readonly title: string;
  readonly tells: string;
  readonly empty: string | null;
  /** Across both columns, or beside two others. */
  readonly shape?: 'wide' | 'tall';
  readonly children: ReactNode;
}
