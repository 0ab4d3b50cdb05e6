import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { type Page, query, type Session } from '../api.js';
import { useAnswer, useDesk } from '../data.js';
import { Answer } from '../parts/answer.js';
import { Person } from '../parts/person.js';
import { SessionActions } from '../parts/session-actions.js';
import { StatusSign } from '../signs.js';
import { clockTime, dayOf, dayRange, dayWords, roomWord, shiftDay, treatment } from '../words.js';

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
          <tr key={session.id}>
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

export function Upcoming() {
  const { now, timeZone, clinic } = useDesk();
  const [days, setDays] = useState('7');
  const [providerId, setProvider] = useState('');
  const today = dayOf(now, timeZone);
  const range = { from: dayRange(today, timeZone).from, to: dayRange(shiftDay(today, Number(days)), timeZone).to };
  const sessions = useAnswer<Page<Session>>('session', `sessions?${query({ ...range, providerId, limit: 200 })}`);
  const providers = clinic.staff.filter(({ roles }) => roles.includes('provider')).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <>
      <h1>Upcoming</h1>
      <div className="filters">
        <NativeSelect label="How far" data={spans} value={days} onChange={(event) => setDays(event.currentTarget.value)} />
        <NativeSelect
          label="With"
          data={[{ value: '', label: 'Everyone' }, ...providers]}
          value={providerId}
          onChange={(event) => setProvider(event.currentTarget.value)}
        />
      </div>
      <Answer of={sessions} empty={({ items }) => (items.length === 0 ? 'No sessions in this time.' : null)}>
        {({ items, next }) => (
          <>
            <SessionTable sessions={items} />
            {next === null ? null : <p className="soft">The first 200 are shown; choose a shorter time or one provider for the rest.</p>}
          </>
        )}
      </Answer>
    </>
  );
}
