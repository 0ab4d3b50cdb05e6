import { type CSSProperties, type KeyboardEvent, type PointerEvent, useMemo, useState } from 'react';
import type { Choices, DayOfChoice, Session } from '../api.js';
import { clockTime, dayOf, dayWords, instantAt, minutesBetween, minutesOf, sentence } from '../words.js';

const hour = 60;
const deskDay = { first: 9 * hour, last: 17 * hour };

interface Slot {
  readonly start: string;
  readonly minutes: number;
  readonly free: boolean;
}

/** The hours that the week shows: the desk's, and whatever lies outside them and may be chosen. */
function hoursOf(days: readonly DayOfChoice[], session: Session, timeZone: string): readonly number[] {
  const starts = [...days.flatMap((day) => day.starts), ...(session.start === null ? [] : [session.start])];
  const minutes = starts.map((start) => minutesOf(start, timeZone));
  const first = Math.floor(Math.min(deskDay.first, ...minutes) / hour);
  const last = Math.floor(Math.max(deskDay.last, ...minutes) / hour);
  return Array.from({ length: last - first + 1 }, (_hour, index) => first + index);
}

function slotsOf({ date, starts }: DayOfChoice, hours: readonly number[], grid: number, timeZone: string): readonly Slot[] {
  const free = new Set(starts);
  const [from, to] = [(hours[0] ?? 0) * hour, ((hours.at(-1) ?? 0) + 1) * hour];
  return Array.from({ length: Math.ceil((to - from) / grid) }, (_slot, index) => {
    const minutes = from + index * grid;
    const start = instantAt(date, minutes, timeZone);
    return { start, minutes, free: free.has(start) };
  });
}

/** The start under a point of the screen. */
const startAt = (x: number, y: number): string | null => document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-start]')?.dataset['start'] ?? null;

interface Dragging {
  readonly x: number;
  readonly y: number;
  readonly over: string | null;
}

/** Carries the session with the pointer; let go over a start, it is chosen. A press that goes nowhere is a click and no drag. */
function useCarrying(choose: (start: string) => void) {
  const [dragging, setDragging] = useState<Dragging | null>(null);
  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setDragging({ x: event.clientX, y: event.clientY, over: null });
    },
    onPointerMove: ({ clientX: x, clientY: y }: PointerEvent<HTMLElement>) => {
      if (dragging !== null) setDragging({ x, y, over: startAt(x, y) });
    },
    onPointerUp: ({ clientX: x, clientY: y }: PointerEvent<HTMLElement>) => {
      const over = dragging === null ? null : startAt(x, y);
      setDragging(null);
      if (over !== null) choose(over);
    },
    onPointerCancel: () => setDragging(null),
  };
  return { dragging, handlers };
}

const steps: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Arrows walk from start to start; Home and End go to the first and the last that is free. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const own = (event.target as HTMLElement).closest<HTMLElement>('[data-start]');
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-start]')].filter((slot) => slot.offsetParent !== null);
  const free = all.filter((slot) => slot.dataset['free'] === 'true');
  const by = steps[event.key];
  if (own === null || (by === undefined && event.key !== 'Home' && event.key !== 'End')) return;
  event.preventDefault();
  const column = all.filter((slot) => slot.dataset['date'] === own.dataset['date']).length;
  const target = by === undefined ? (event.key === 'Home' ? free[0] : free.at(-1)) : all[all.indexOf(own) + by[0] * column + by[1]];
  target?.focus();
}

interface WeekProps {
  readonly choices: Choices;
  readonly session: Session;
  readonly who: string;
  readonly timeZone: string;
  /** The clinic's local date: days before it are past. */
  readonly today: string;
  readonly choose: (start: string) => void;
}

/** Days side by side: free starts lit, the rest shaded with its reason. The session is carried by pointer or chosen by key. */
export function Week({ choices: { items, gridMinutes }, session, who, timeZone, today, choose }: WeekProps) {
  const hours = useMemo(() => hoursOf(items, session, timeZone), [items, session, timeZone]);
  const { dragging, handlers } = useCarrying(choose);
  const length = session.start === null || session.end === null ? hour : minutesBetween(session.start, session.end);
  const firstFree = items.flatMap(({ starts }) => starts)[0];
  const [focused, setFocused] = useState<string | null>(null);
  const { start } = session;
  const inView = start !== null && minutesOf(start, timeZone) % gridMinutes === 0 && items.some(({ date }) => date === dayOf(start, timeZone));
  const stop = focused ?? (inView ? start : firstFree) ?? null;
  const shared = { hours, gridMinutes, session, timeZone, today, choose, stop, handlers, over: dragging?.over ?? null, length };
  return (
    <div className="week" onKeyDown={walk} onFocus={({ target }) => setFocused(target.closest<HTMLElement>('[data-start]')?.dataset['start'] ?? null)}>
      <div className="carried" {...handlers} title="Drag to another time">
        <span aria-hidden="true">⠿</span> {who} <span className="soft">{length} min · drag onto a lit time, or choose it and press Enter</span>
      </div>
      <div className="days" style={{ '--hours': hours.length, '--parts': hour / gridMinutes } as CSSProperties}>
        <div className="hours" aria-hidden="true">
          {hours.map((each) => (
            <span key={each}>{`${((each + 11) % 12) + 1} ${each < 12 ? 'AM' : 'PM'}`}</span>
          ))}
        </div>
        {items.map((day) => (
          <Day key={day.date} day={day} {...shared} />
        ))}
      </div>
      {dragging === null ? null : <Ghost who={who} timeZone={timeZone} {...dragging} />}
    </div>
  );
}

function Ghost({ x, y, over, who, timeZone }: Dragging & { who: string; timeZone: string }) {
  return (
    <div className="ghost" style={{ left: x, top: y }} aria-hidden="true">
      {who} {over === null ? '' : `→ ${dayWords(dayOf(over, timeZone))}, ${clockTime(over, timeZone)}`}
    </div>
  );
}

interface DayProps extends Omit<WeekProps, 'choices' | 'who'> {
  readonly day: DayOfChoice;
  readonly hours: readonly number[];
  readonly gridMinutes: number;
  readonly stop: string | null;
  readonly over: string | null;
  readonly length: number;
  readonly handlers: ReturnType<typeof useCarrying>['handlers'];
}

function Day({ day, today, hours, gridMinutes, session, timeZone, choose, stop, over, length, handlers }: DayProps) {
  const slots = slotsOf(day, hours, gridMinutes, timeZone);
  const reasons = day.date < today ? ['Past'] : [...new Set(day.because.map(({ detail }) => sentence(detail)))];
  const covered = ({ start }: Slot) => over !== null && start >= over && minutesBetween(over, start) < length;
  const label = `${dayWords(day.date)}: ${day.starts.length === 0 ? `not possible. ${reasons.join('; ')}` : `${day.starts.length} free starts`}`;
  return (
    <div className="day" role="group" aria-label={label} data-shut={day.starts.length === 0} data-past={day.date < today}>
      <h3>{dayWords(day.date)}</h3>
      {reasons.length === 0 ? null : <p className="because">{reasons.join('; ')}</p>}
      <div className="slots">
        {slots.map((slot) => {
          const own = slot.start === session.start;
          const words = `${dayWords(day.date)}, ${clockTime(slot.start, timeZone)}${own ? ', its time now' : slot.free ? '' : ', not free'}`;
          return (
            <button
              key={slot.start}
              type="button"
              data-start={slot.start}
              data-date={day.date}
              data-free={slot.free}
              data-own={own}
              data-over={covered(slot)}
              aria-label={words}
              title={words}
              tabIndex={slot.start === stop ? 0 : -1}
              onClick={() => own || choose(slot.start)}
              {...(own ? handlers : {})}
            >
              {slot.free || own ? clockTime(slot.start, timeZone).replace(/\s?[AP]M/, '') : null}
            </button>
          );
        })}
      </div>
    </div>
  );
}
