import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useDesk } from '../../data.js';
import type { ClinicSettings } from '../../settings.js';
import { HoursFields, ListField, Rows, withItem } from './fields.js';
import { type Draft, Revise } from './revise.js';

type Place = ClinicSettings['locations'][number];
const back = '#/settings/places';

/** Rooms or devices of a place: the lists hold those of every place, so each keeps its own position. */
function Kept({ list, legend, place, draft: { settings, edit, fault } }: { list: 'rooms' | 'devices'; legend: string; place: string; draft: Draft }) {
  const here = settings[list].filter(({ location }) => location === place);
  const others = settings[list].filter(({ location }) => location !== place);
  return (
    <Rows
      legend={legend}
      items={here}
      blank={{ id: '', location: place, protocols: [] }}
      change={(items) => edit({ ...settings, [list]: [...others, ...items] })}
      row={(item, at, set) => (
        <>
          <TextInput
            label="Id"
            required
            value={item.id}
            error={fault(`${list}.${others.length + at}.id`)}
            onChange={(event) => set({ ...item, id: event.currentTarget.value })}
          />
          <ListField label="Protocols" items={item.protocols} change={(protocols) => set({ ...item, protocols })} />
        </>
      )}
    />
  );
}

function Form({ index, ...draft }: Draft & { index: number; place: Place }) {
  const { settings, edit, fault, place } = draft;
  const path = `locations.${index}`;
  const change = (more: Partial<Place>) => edit({ ...settings, locations: withItem(settings.locations, index, { ...place, ...more }) });
  return (
    <>
      <div className="fields-row">
        <TextInput label="Name" required value={place.name} error={fault(`${path}.name`)} onChange={(event) => change({ name: event.currentTarget.value })} />
        <TextInput
          label="State"
          required
          value={place.state}
          error={fault(`${path}.state`)}
          onChange={(event) => change({ state: event.currentTarget.value })}
        />
      </div>
      <fieldset>
        <legend>Opening hours</legend>
        <HoursFields hours={place.hours} path={`${path}.hours`} fault={fault} change={(hours) => change({ hours })} />
      </fieldset>
      <Rows
        legend="Closed days"
        items={place.closed}
        blank=""
        change={(closed) => change({ closed })}
        row={(day, at, set) => (
          <TextInput label="Day" type="date" required value={day} error={fault(`${path}.closed.${at}`)} onChange={(event) => set(event.currentTarget.value)} />
        )}
      />
      <Kept list="rooms" legend="Rooms" place={place.id} draft={draft} />
      <Kept list="devices" legend="Devices" place={place.id} draft={draft} />
    </>
  );
}

/** A place: its hours, the days on which it is closed, its rooms and devices. */
export function EditPlace({ id }: { id: string }) {
  const { clinic } = useDesk();
  return (
    <Revise title={clinic.locations.find((place) => place.id === id)?.name ?? 'Place'} back={back}>
      {(draft) => {
        const index = draft.before.locations.findIndex((place) => place.id === id);
        const place = draft.settings.locations[index];
        return place === undefined ? <p className="nothing">There is no such place.</p> : <Form {...draft} index={index} place={place} />;
      }}
    </Revise>
  );
}

const channels = ['sms', 'email'] as const;

/** Whom an urgent reply pages, and after how long the next one. */
export function EditLadder() {
  return (
    <Revise title="Who is called when a reply is urgent" back={back}>
      {({ settings, edit, fault }) => {
        const roles = [...new Set(settings.staff.flatMap((person) => person.roles))];
        return (
          <>
            {fault('escalation') === undefined ? null : <p className="alarm">{fault('escalation')}</p>}
            <Rows
              legend="Rungs"
              items={settings.escalation}
              blank={{ afterMinutes: 15, role: roles[0] ?? 'on_call', channels: ['sms'] }}
              change={(escalation) => edit({ ...settings, escalation })}
              row={(rung, at, set) => (
                <>
                  <TextInput
                    label="After minutes"
                    type="number"
                    min={0}
                    required
                    value={rung.afterMinutes}
                    error={fault(`escalation.${at}.afterMinutes`)}
                    onChange={(event) => set({ ...rung, afterMinutes: Number(event.currentTarget.value) })}
                  />
                  <NativeSelect label="Role" data={roles} value={rung.role} onChange={(event) => set({ ...rung, role: event.currentTarget.value })} />
                  {channels.map((channel) => (
                    <Checkbox
                      key={channel}
                      label={channel === 'sms' ? 'Text' : 'E-mail'}
                      checked={rung.channels.includes(channel)}
                      onChange={(event) =>
                        set({ ...rung, channels: channels.filter((each) => (each === channel ? event.currentTarget.checked : rung.channels.includes(each))) })
                      }
                    />
                  ))}
                </>
              )}
            />
          </>
        );
      }}
    </Revise>
  );
}
