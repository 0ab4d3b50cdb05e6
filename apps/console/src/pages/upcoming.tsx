import { Button, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useMemo } from 'react';
import { query, type Session } from '../api.js';
import { useDesk, useList } from '../data.js';
import { Answer } from '../parts/answer.js';
import { Person } from '../parts/person.js';
import { askFor, useAsked } from '../parts/route.js';
import { SessionActions } from '../parts/session-actions.js';
import { type Shortcut, Shortcuts } from '../parts/shortcuts.js';
import { WeekOfVisits } from '../parts/visits.js';
import { StatusSign } from '../signs.js';
import { clockTime, dayOf, dayRange, dayWords, mondayOf, roomWord, shiftDay, statusWords, treatment } from '../words.js';

const spans = [
  { value: '7', label: 'Next 7 days' },
  { value: '30', label: 'Next 30 days' },
  { value: '180', label: 'Next 180 days' },
];

export function SessionTable({ sessions, person = true }: { sessions: readonly Session[]; person?: boolean }) {
  const { staffName, timeZone } = useDesk();
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">When</th>
          {person ? <th scope="col">Patient</th> : null}
          <th scope="col">Treatment</th>
          <th scope="col">With</th>
          <th scope="col">Room</th>
          <th scope="col">Status</th>
          <th scope="col">Do</th>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <tr key={session.id} data-visit={session.id} tabIndex={-1}>
            <td data-label="When">
              {session.start === null
                ? 'No time yet'
                : `${dayWords(dayOf(session.start, session.timeZone ?? timeZone))}, ${clockTime(session.start, session.timeZone ?? timeZone)}`}
            </td>
            {person ? (
              <td data-label="Patient">
                <Person id={session.patientId} />
              </td>
            ) : null}
            <td data-label="Treatment">
              {treatment(session.protocolId)} <span className="soft">visit {session.number}</span>
            </td>
            <td data-label="With">{staffName(session.providerId)}</td>
            <td data-label="Room">{session.roomId === null ? '' : roomWord(session.roomId, session.locationId)}</td>
            <td data-label="Status">
              <StatusSign status={session.status} />
              {session.because.length === 0 ? null : (
                <details>
                  <summary>Why then</summary>
                  <ul>
                    {session.because.map(({ constraint, detail }) => (
                      <li key={constraint + detail}>{detail}</li>
                    ))}
                  </ul>
                </details>
              )}
            </td>
            <td data-label="Do">
              <SessionActions session={session} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const statuses = ['booked', 'confirmed', 'on_hold', 'arrived', 'completed', 'no_show', 'cancelled'] as const;
const named = (all: readonly { readonly id: string; readonly name: string }[]) => all.map(({ id, name }) => ({ value: id, label: name }));

/** A filter that is kept in the address, so that a page can be passed on and gone back to. */
function Filter({ name, label, every, of }: { name: string; label: string; every: string; of: readonly { value: string; label: string }[] }) {
  const data = [{ value: '', label: every }, ...of];
  return <NativeSelect label={label} data={data} value={useAsked(name)} onChange={(event) => askFor({ [name]: event.currentTarget.value })} />;
}

function Filters({ protocols }: { protocols: readonly string[] }) {
  const { clinic } = useDesk();
  const asked = useAsked('patient');
  const providers = clinic.staff.filter(({ roles }) => roles.includes('provider'));
  const rooms = clinic.rooms.map(({ id, location }) => ({ value: id, label: roomWord(id, location) }));
  const search = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    askFor({ patient: String(new FormData(event.currentTarget).get('patient') ?? '').trim() });
  };
  return (
    <div className="filters">
      <form role="search" aria-label="Visits of a patient" onSubmit={search}>
        <TextInput key={asked} name="patient" label="Patient" placeholder="Name or phone, then Enter" defaultValue={asked} />
      </form>
      <Filter name="provider" label="With" every="Everyone" of={named(providers)} />
      <Filter name="room" label="Room" every="Every room" of={rooms} />
      <Filter name="protocol" label="Treatment" every="Every treatment" of={protocols.map((id) => ({ value: id, label: treatment(id) }))} />
      <Filter name="status" label="Status" every="Every status" of={statuses.map((value) => ({ value, label: statusWords[value].word }))} />
      {clinic.locations.length < 2 ? null : <Filter name="location" label="Place" every="All places" of={named(clinic.locations)} />}
    </div>
  );
}

/** From which day, and up to which, a view looks; and how far a step before or after goes. */
function spanOf(view: string, from: string): { readonly from: string; readonly days: number } {
  return view === 'week' ? { from: mondayOf(from), days: 7 } : { from, days: Number(spans.find(({ value }) => value === view)?.value ?? 7) };
}

function useVisits() {
  const { now, timeZone } = useDesk();
  const today = dayOf(now, timeZone);
  const view = useAsked('view') || '7';
  const { from, days } = spanOf(view, useAsked('from') || today);
  const filter = {
    patient: useAsked('patient'),
    providerId: useAsked('provider'),
    roomId: useAsked('room'),
    protocolId: useAsked('protocol'),
    status: useAsked('status'),
    locationId: useAsked('location'),
  };
  const range = { from: dayRange(from, timeZone).from, to: dayRange(shiftDay(from, days), timeZone).from };
  const sessions = useList<Session>('session', `sessions?${query({ ...range, ...filter, limit: 200 })}`);
  return { view, from, days, today, sessions };
}

/** Walks the links and rows of a list by key, as a mail reader does. */
function step(by: 1 | -1): void {
  const visits = [...document.querySelectorAll<HTMLElement>('[data-visit]')];
  const at = visits.findIndex((visit) => visit.contains(document.activeElement));
  const next = visits[at === -1 ? (by === 1 ? 0 : visits.length - 1) : at + by];
  (next?.querySelector<HTMLElement>('a') ?? next)?.focus();
}

const move = (from: string, days: number) => askFor({ from: shiftDay(from, days) });

export function Upcoming() {
  const { view, from, days, today, sessions } = useVisits();
  const protocols = [...new Set(sessions.data?.items.map(({ protocolId }) => protocolId))].sort();
  const shortcuts = useMemo<readonly Shortcut[]>(
    () => [
      { key: 'j', does: 'Next visit', run: () => step(1) },
      { key: 'k', does: 'Visit before', run: () => step(-1) },
      { key: 'n', does: 'Later days', run: () => move(from, days) },
      { key: 'p', does: 'Earlier days', run: () => move(from, -days) },
      { key: 't', does: 'From today', run: () => askFor({ from: '' }) },
      { key: 'w', does: 'The week side by side', run: () => askFor({ view: 'week' }) },
      { key: 'l', does: 'The list', run: () => askFor({ view: '' }) },
    ],
    [from, days],
  );
  return (
    <>
      <div className="row">
        <h1>Upcoming</h1>
        <Shortcuts shortcuts={shortcuts} />
      </div>
      <Filters protocols={protocols} />
      <div className="row week-of">
        <h2>
          {dayWords(from)} to {dayWords(shiftDay(from, days - 1))}
        </h2>
        <div className="actions">
          <NativeSelect
            aria-label="How far"
            data={[{ value: 'week', label: 'Week, side by side' }, ...spans]}
            value={view}
            onChange={(event) => askFor({ view: event.currentTarget.value })}
          />
          <Button variant="default" size="compact-sm" onClick={() => move(from, -days)}>
            Earlier
          </Button>
          <Button variant="default" size="compact-sm" disabled={from === today} onClick={() => askFor({ from: '' })}>
            From today
          </Button>
          <Button variant="default" size="compact-sm" onClick={() => move(from, days)}>
            Later
          </Button>
        </div>
      </div>
      <Answer of={sessions} empty={({ items }) => (items.length === 0 ? 'No sessions in this time.' : null)}>
        {({ items, next }) => (
          <>
            {view === 'week' ? <WeekOfVisits from={from} sessions={items} today={today} /> : <SessionTable sessions={items} />}
            {next === null ? null : <p className="soft">The first {items.length} are shown; choose a shorter time, a place or one provider for the rest.</p>}
          </>
        )}
      </Answer>
    </>
  );
}
