import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { type Outreach, type Page, query } from '../api.js';
import { useAnswer } from '../data.js';
import { Answer } from '../parts/answer.js';
import { Person } from '../parts/person.js';
import { When } from '../parts/when.js';
import { OutreachSign } from '../signs.js';
import { channelWord, plain } from '../words.js';

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
            <td data-label="By">{plain(channelWord(channel))}</td>
            <td data-label="Status">
              <OutreachSign status={status} />
            </td>
            <td data-label="Why">{why}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function OutreachPage() {
  const [status, setStatus] = useState('');
  const rows = useAnswer<Page<Outreach>>('outreach', `outreach?${query({ status, limit: 200 })}`);
  return (
    <>
      <h1>Outreach</h1>
      <div className="filters">
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
