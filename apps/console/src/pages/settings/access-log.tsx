import { Button, NativeSelect, TextInput } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { get, type Page, query } from '../../api.js';
import { useDesk } from '../../data.js';
import { Answer } from '../../parts/answer.js';
import { Person } from '../../parts/person.js';
import { When } from '../../parts/when.js';
import type { AccessEntry } from '../../settings.js';
import { dayRange, sentence } from '../../words.js';

interface Filter {
  readonly patientId?: string | undefined;
  readonly actor?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const perPage = 50;

function Filters({ onChange }: { onChange: (filter: Filter) => void }) {
  const { clinic, timeZone } = useDesk();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const of = (name: string) => String(given.get(name) ?? '').trim();
    const [from, to] = [of('from'), of('to')];
    onChange({
      patientId: of('patientId'),
      actor: of('actor'),
      from: from === '' ? undefined : dayRange(from, timeZone).from,
      to: to === '' ? undefined : dayRange(to, timeZone).to,
    });
  };
  return (
    <form className="filters" onSubmit={submit}>
      <NativeSelect label="Who" name="actor" data={[{ value: '', label: 'Anybody' }, ...clinic.staff.map(({ id, name }) => ({ value: id, label: name }))]} />
      <TextInput label="Patient’s id" name="patientId" />
      <TextInput label="From" name="from" type="date" />
      <TextInput label="To" name="to" type="date" />
      <Button type="submit" variant="default" className="beside-fields">
        Show
      </Button>
    </form>
  );
}

/** Who looked at whose record, newest first. It is written at every read and cannot be changed. */
export function AccessLog() {
  const { staffName } = useDesk();
  const [filter, setFilter] = useState<Filter>({});
  const log = useInfiniteQuery({
    queryKey: ['access', filter],
    queryFn: ({ pageParam }) => get<Page<AccessEntry>>(`access-log?${query({ ...filter, limit: perPage, cursor: pageParam })}`),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  });
  return (
    <>
      <h1>Access log</h1>
      <p className="soft">Who looked at whose record, newest first.</p>
      <Filters onChange={setFilter} />
      <Answer of={log} empty={(entries) => (entries.length === 0 ? 'Nobody looked at a record like that.' : null)}>
        {(entries) => (
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Who</th>
                <th scope="col">What</th>
                <th scope="col">Patient</th>
              </tr>
            </thead>
            <tbody>
              {entries.map(({ id, at, actor, action, patientId }) => (
                <tr key={id}>
                  <td data-label="When">
                    <When at={at} />
                  </td>
                  <td data-label="Who">{staffName(actor)}</td>
                  <td data-label="What">{sentence(action)}</td>
                  <td data-label="Patient">{patientId === null ? null : <Person id={patientId} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answer>
      {log.hasNextPage ? (
        <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          Earlier ones
        </Button>
      ) : null}
    </>
  );
}
