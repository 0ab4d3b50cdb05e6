import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { type Outreach, type Page, query } from '../api.js';
import { useAnswer, useDesk } from '../data.js';
import { Answer } from '../parts/answer.js';
import { Person } from '../parts/person.js';
import { When } from '../parts/when.js';
import { OutreachSign } from '../signs.js';
import { channelWord, dayOf, dayRange, plain, sentence, shiftDay } from '../words.js';

const statuses = ['planned', 'attempting', 'sent', 'delivered', 'in_doubt', 'unproven', 'failed', 'missed', 'cancelled'];

export function OutreachTable({ rows, person = true }: { rows: readonly Outreach[]; person?: boolean }) {
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
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, dueAt, patientId, touchpoint, channel, status, why }) => (
          <tr key={id}>
            <td data-label="Due">
              <When at={dueAt} />
            </td>
            {person ? (
              <td data-label="Patient">
                <Person id={patientId} />
              </td>
            ) : null}
            <td data-label="What">{plain(touchpoint)}</td>
            <td data-label="By">{sentence(channelWord(channel))}</td>
            <td data-label="Status">
              <OutreachSign status={status} />
            </td>
            <td data-label="Why">{sentence(why ?? '')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A week back and everything ahead is what the desk acts on; the rest is history. */
const daysBack = 7;

export function OutreachPage() {
  const { now, timeZone } = useDesk();
  const [status, setStatus] = useState('');
  const [since, setSince] = useState('week');
  const from = since === 'week' ? dayRange(shiftDay(dayOf(now, timeZone), -daysBack), timeZone).from : undefined;
  const rows = useAnswer<Page<Outreach>>('outreach', `outreach?${query({ status, from, limit: 200 })}`);
  return (
    <>
      <h1>Outreach</h1>
      <div className="filters">
        <NativeSelect
          label="Since"
          data={[
            { value: 'week', label: 'A week ago' },
            { value: 'ever', label: 'The beginning' },
          ]}
          value={since}
          onChange={(event) => setSince(event.currentTarget.value)}
        />
        <NativeSelect
          label="Status"
          data={[{ value: '', label: 'All' }, ...statuses.map((value) => ({ value, label: plain(value) }))]}
          value={status}
          onChange={(event) => setStatus(event.currentTarget.value)}
        />
      </div>
      <Answer of={rows} empty={({ items }) => (items.length === 0 ? 'No messages like that.' : null)}>
        {({ items }) => <OutreachTable rows={items} />}
      </Answer>
    </>
  );
}
