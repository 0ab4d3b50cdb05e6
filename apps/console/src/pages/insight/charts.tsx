import type { ComponentProps, ReactNode } from 'react';
import { Bar, BarChart, LabelList, Tooltip, XAxis, YAxis } from 'recharts';

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

/** The paint of a fill: recharts wants colours and patterns, not classes. */
const paints: Readonly<Record<Fill, string>> = {
  fine: 'var(--fine)',
  plain: 'var(--soft)',
  soon: 'url(#fill-soon)',
  urgent: 'url(#fill-urgent)',
  quiet: 'url(#fill-quiet)',
  none: 'var(--page)',
};
const said = (parts: readonly Part[]) => parts.map(({ word, value }) => `${word} ${value}`).join(', ');
/** Of recharts around its bars, above and below. */
const edge = 5;
const rowHeight = 32;
const ink = { fontSize: 14, fill: 'var(--mantine-color-text)' };

/** What all pictures share: bars that lie, one a row, as wide as there is room; what they show is said in words by who holds them. */
function Lying({
  rows,
  words,
  children,
  ...chart
}: { rows: readonly object[]; words: number; children: ReactNode } & Pick<ComponentProps<typeof BarChart>, 'stackOffset' | 'margin'>) {
  return (
    <BarChart
      layout="vertical"
      responsive
      style={{ width: '100%', height: rows.length * rowHeight + 2 * edge }}
      data={[...rows]}
      accessibilityLayer={false}
      barCategoryGap={6}
      {...chart}
    >
      <XAxis type="number" hide domain={[0, 'dataMax']} />
      <YAxis type="category" dataKey="word" width={words} interval={0} axisLine={false} tickLine={false} tick={ink} />
      {children}
    </BarChart>
  );
}

/** One bar a part, each as long as its value; the longest fills the width. */
export function Bars({ label, parts }: { label: string; parts: readonly Part[] }) {
  return (
    <div role="img" aria-label={`${label}: ${said(parts)}`}>
      <Lying rows={parts.map((part) => ({ ...part, fill: paints[part.fill] }))} words={150} margin={{ right: 40 }}>
        <Bar dataKey="value" isAnimationActive={false} radius={3} background={{ fill: 'var(--page)', stroke: 'var(--line)' }}>
          <LabelList dataKey="value" position="right" {...ink} fontWeight={600} />
        </Bar>
      </Lying>
    </div>
  );
}

export interface Row {
  readonly word: string;
  readonly parts: readonly Part[];
}

/** One bar a row, of all its parts together: how much of the whole each is. All rows have the same parts. */
export function Stacks({ label, rows }: { label: string; rows: readonly Row[] }) {
  const data = rows.map(({ word, parts }) => ({ word, ...Object.fromEntries(parts.map((part) => [part.word, part.value])) }));
  return (
    <div role="img" aria-label={`${label}: ${rows.map(({ word, parts }) => `${word}: ${said(parts.filter(({ value }) => value > 0))}`).join('; ')}`}>
      <Lying rows={data} words={110} stackOffset="expand">
        <Tooltip
          cursor={false}
          isAnimationActive={false}
          contentStyle={{ background: 'var(--card)', borderColor: 'var(--line)' }}
          itemStyle={{ color: 'inherit' }}
        />
        {(rows[0]?.parts ?? []).map(({ word, fill }) => (
          <Bar
            key={word}
            dataKey={word}
            stackId="all"
            isAnimationActive={false}
            fill={paints[fill]}
            stroke={fill === 'none' ? 'var(--line)' : 'var(--card)'}
            strokeWidth={1.5}
          />
        ))}
      </Lying>
    </div>
  );
}

/** What the fills of a stack mean. */
export function Legend({ parts }: { parts: readonly Omit<Part, 'value'>[] }) {
  return (
    <ul className="legend" aria-label="Legend">
      {parts.map(({ word, fill }) => (
        <li key={word}>
          <svg width="16" height="16" aria-hidden="true">
            <rect width="16" height="16" rx="3" className="track" fill={paints[fill]} />
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
