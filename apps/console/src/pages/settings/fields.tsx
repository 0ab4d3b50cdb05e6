import { Button, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { WeeklyHours } from '../../settings.js';
import { weekdays } from './clinic-words.js';

/** The list with one place changed; `null` takes it out. */
export const withItem = <T,>(list: readonly T[], index: number, item: T | null): readonly T[] =>
  item === null ? list.filter((_item, at) => at !== index) : list.map((each, at) => (at === index ? item : each));

/** "09:00-13:00, 14:00-18:00" as ranges; what is not written so stays as it is, for the clinic to refuse. */
const rangesOf = (text: string): readonly (readonly [string, string])[] =>
  text
    .split(',')
    .map((range) => range.trim())
    .filter((range) => range !== '')
    .map((range) => {
      const [from = '', to = ''] = range.split(/\s*(?:-|–|to)\s*/);
      return [from, to] as const;
    });
const textOf = (ranges: WeeklyHours[string] | undefined) => (ranges ?? []).map(([from, to]) => `${from}-${to}`).join(', ');

function DayField({
  label,
  ranges,
  error,
  change,
}: {
  label: string;
  ranges: WeeklyHours[string] | undefined;
  error: string | undefined;
  change: (ranges: WeeklyHours[string]) => void;
}) {
  const [text, setText] = useState(textOf(ranges));
  const set = (written: string) => {
    setText(written);
    change(rangesOf(written));
  };
  return <TextInput label={label} placeholder="Closed" value={text} error={error} onChange={(event) => set(event.currentTarget.value)} />;
}

/** A week of local hours; an empty day is closed. `path`: where they stand in the settings. */
export function HoursFields({
  hours,
  path,
  fault,
  change,
}: {
  hours: WeeklyHours;
  path: string;
  fault: (path: string) => string | undefined;
  change: (hours: WeeklyHours) => void;
}) {
  const set = (day: string, ranges: WeeklyHours[string]) => {
    const { [day]: _before, ...rest } = hours;
    change(ranges.length === 0 ? rest : { ...rest, [day]: ranges });
  };
  return (
    <div className="week-fields">
      {weekdays.map((label, index) => {
        const day = String(index + 1);
        return <DayField key={day} label={label} ranges={hours[day]} error={fault(`${path}.${day}`)} change={(ranges) => set(day, ranges)} />;
      })}
    </div>
  );
}

/** Rows that one adds and takes away. */
export function Rows<T>({
  legend,
  items,
  blank,
  change,
  row,
}: {
  legend: string;
  items: readonly T[];
  blank: T;
  change: (items: readonly T[]) => void;
  row: (item: T, index: number, set: (item: T) => void) => ReactNode;
}) {
  return (
    <fieldset className="rows">
      <legend>{legend}</legend>
      {items.map((item, index) => (
        <div className="fields-row" key={index}>
          {row(item, index, (next) => change(withItem(items, index, next)))}
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            aria-label={`Take away ${legend.toLowerCase()} ${index + 1}`}
            onClick={() => change(withItem(items, index, null))}
          >
            Take away
          </Button>
        </div>
      ))}
      <div>
        <Button variant="default" size="compact-sm" onClick={() => change([...items, blank])}>
          Add to {legend.toLowerCase()}
        </Button>
      </div>
    </fieldset>
  );
}

/** Words between commas, as a list. */
export function ListField({
  label,
  items,
  error,
  change,
}: {
  label: string;
  items: readonly string[];
  error?: string | undefined;
  change: (items: readonly string[]) => void;
}) {
  const [text, setText] = useState(items.join(', '));
  const set = (written: string) => {
    setText(written);
    change(
      written
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    );
  };
  return <TextInput label={label} value={text} error={error} onChange={(event) => set(event.currentTarget.value)} />;
}
