import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ask, post, Refused } from '../../api.js';
import { useAnswer, useDesk } from '../../data.js';
import { Answer, Trouble } from '../../parts/answer.js';
import { Person } from '../../parts/person.js';
import { When } from '../../parts/when.js';
import type { AbsencePreview, ClinicSettings } from '../../settings.js';
import { Sign } from '../../signs.js';
import { dayOf, roomWord, sentence, treatment } from '../../words.js';

/** Who or what may be missing, as the select names it: its kind and its id. */
function Missing({ settings }: { settings: ClinicSettings }) {
  const place = (id: string) => settings.locations.find((location) => location.id === id)?.name ?? id;
  const kept = (kind: string, items: ClinicSettings['rooms']) =>
    items.map(({ id, location }) => ({ value: `${kind}/${id}`, label: `${roomWord(id, location)}, ${place(location)}` }));
  const people = settings.staff.filter(({ roles }) => roles.includes('provider')).map(({ id, name }) => ({ value: `providerId/${id}`, label: name }));
  const groups = [
    { group: 'People', items: people },
    { group: 'Rooms', items: kept('roomId', settings.rooms) },
    { group: 'Devices', items: kept('deviceId', settings.devices) },
  ];
  return <NativeSelect label="Who or what" name="missing" data={groups} />;
}

const outcomes = {
  same_time: { look: 'fine', word: 'Keeps the time' },
  moved: { look: 'soon', word: 'Moves' },
  on_hold: { look: 'urgent', word: 'Must be called' },
} as const;

function Follows({ preview: { changes } }: { preview: AbsencePreview }) {
  const { staffName } = useDesk();
  if (changes.length === 0) return <p>No visit is concerned.</p>;
  const count = (outcome: keyof typeof outcomes) => changes.filter((change) => change.outcome === outcome).length;
  return (
    <>
      <p>
        {count('same_time')} keep their time with somebody else or elsewhere, {count('moved')} move, {count('on_hold')} must be called.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Patient</th>
            <th scope="col">Visit</th>
            <th scope="col">Was</th>
            <th scope="col">What follows</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ sessionId, patientId, protocolId, outcome, before, after, why }) => (
            <tr key={sessionId}>
              <td data-label="Patient">
                <Person id={patientId} />
              </td>
              <td data-label="Visit">{treatment(protocolId)}</td>
              <td data-label="Was">
                <When at={before.start} timeZone={before.timeZone} />
              </td>
              <td data-label="Follows">
                <Sign {...outcomes[outcome]} />{' '}
                {after === null ? null : (
                  <>
                    <When at={after.start} timeZone={after.timeZone} />, {staffName(after.providerId)}, {roomWord(after.roomId, after.locationId)}
                  </>
                )}
              </td>
              <td data-label="Why">{sentence(why)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** What was shown anew because something else would follow by now. */
const fresher = (error: Error | null): AbsencePreview | undefined =>
  error instanceof Refused && error.code === 'world_changed' ? (error.more['preview'] as AbsencePreview | undefined) : undefined;

function Preview({ preview, again }: { preview: AbsencePreview; again: () => void }) {
  const client = useQueryClient();
  const apply = useMutation<AbsencePreview, Error, string>({
    mutationFn: (previewId) => post<AbsencePreview>('absences/apply', { previewId }),
    onSuccess: () => client.invalidateQueries(),
  });
  const shown = fresher(apply.error) ?? preview;
  if (apply.data !== undefined)
    return (
      <section className="card" aria-label="What follows">
        <p role="status">
          <Sign look="fine" word="Done" /> It is recorded, visits are moved, and patients are told.
        </p>
        <Button variant="default" onClick={again}>
          Another one
        </Button>
      </section>
    );
  return (
    <section className="card" aria-label="What follows">
      <h2>What follows</h2>
      <Follows preview={shown} />
      {apply.isError ? <Trouble error={apply.error} /> : null}
      <div className="row head">
        <Button loading={apply.isPending} onClick={() => apply.mutate(shown.previewId)}>
          Record it and do this
        </Button>
        <Button variant="default" onClick={again}>
          Leave it
        </Button>
      </div>
    </section>
  );
}

/** A sick day, a closed room, a device that is down: what it means for everybody, shown before it is done. */
export function Absences() {
  const { now, timeZone } = useDesk();
  const settings = useAnswer<ClinicSettings>('clinic', 'clinic/settings');
  const preview = useMutation<AbsencePreview, Error, object>({ mutationFn: (asked) => ask<AbsencePreview>('absences/preview', asked) });
  const [asked, setAsked] = useState(0);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const of = (name: string) => String(given.get(name) ?? '').trim();
    const [kind = '', id] = of('missing').split('/');
    const reason = of('reason');
    setAsked(asked + 1);
    preview.mutate({ [kind]: id, from: of('from'), to: of('to'), ...(reason === '' ? {} : { reason }) });
  };
  const today = dayOf(now, timeZone);
  return (
    <>
      <h1>Absences</h1>
      <p className="soft">Who is away, which room is closed, which device is down: first what it means, then it is done, all of it or nothing.</p>
      <Answer of={settings}>
        {(found) => (
          <form className="filters" onSubmit={submit}>
            <Missing settings={found} />
            <TextInput label="From" name="from" type="date" required defaultValue={today} />
            <TextInput label="To, that day included" name="to" type="date" required defaultValue={today} />
            <TextInput label="Why" name="reason" maxLength={200} />
            <Button type="submit" loading={preview.isPending} className="beside-fields">
              Look at what follows
            </Button>
          </form>
        )}
      </Answer>
      {preview.isError ? <Trouble error={preview.error} /> : null}
      {preview.data === undefined ? null : <Preview key={asked} preview={preview.data} again={() => preview.reset()} />}
    </>
  );
}
