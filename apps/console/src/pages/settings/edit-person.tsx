import { Checkbox, TextInput } from '@mantine/core';
import { useDesk } from '../../data.js';
import type { ClinicSettings } from '../../settings.js';
import { plain } from '../../words.js';
import { HoursFields, ListField, Rows, withItem } from './fields.js';
import { type Draft, Revise } from './revise.js';

type Person = ClinicSettings['staff'][number];
const back = '#/settings/staff';
const usualRoles = ['front_desk', 'provider', 'on_call', 'medical_director', 'admin', 'auditor'];
const nobody: Person = { id: '', name: '', roles: ['front_desk'], licences: [], certifications: [], hours: {} };

/** One part of the form: the person as they stand, how to change them, and what is wrong with a field of theirs. */
interface Part {
  readonly person: Person;
  readonly change: (more: Partial<Person>) => void;
  readonly fault: (field: string) => string | undefined;
}

/** An empty box says nothing, and is left out. */
const said = (field: 'phone' | 'email', text: string) => ({ [field]: text.trim() === '' ? undefined : text.trim() });

function Reach({ person, change, fault, isNew }: Part & { isNew: boolean }) {
  const { name, id, phone, email } = person;
  return (
    <div className="fields-row">
      <TextInput label="Name" required value={name} error={fault('name')} onChange={(event) => change({ name: event.currentTarget.value })} />
      {isNew ? (
        <TextInput label="Id, which stays" required value={id} error={fault('id')} onChange={(event) => change({ id: event.currentTarget.value })} />
      ) : null}
      <TextInput
        label="Phone, for pages"
        type="tel"
        value={phone ?? ''}
        error={fault('phone')}
        onChange={(event) => change(said('phone', event.currentTarget.value))}
      />
      <TextInput
        label="E-mail, for pages"
        type="email"
        value={email ?? ''}
        error={fault('email')}
        onChange={(event) => change(said('email', event.currentTarget.value))}
      />
    </div>
  );
}

function Roles({ person: { roles: own }, change, fault, known }: Part & { known: readonly string[] }) {
  return (
    <fieldset>
      <legend>Roles</legend>
      <div className="row head choices">
        {known.map((role) => (
          <Checkbox
            key={role}
            label={plain(role)}
            checked={own.includes(role)}
            onChange={(event) => change({ roles: event.currentTarget.checked ? [...own, role] : own.filter((each) => each !== role) })}
          />
        ))}
      </div>
      {fault('roles') === undefined ? null : <p className="alarm">{fault('roles')}</p>}
    </fieldset>
  );
}

function Credentials({ person: { licences, certifications }, change, fault }: Part) {
  return (
    <>
      <Rows
        legend="Licences"
        items={licences}
        blank={{ kind: '', state: '', until: '' }}
        change={(items) => change({ licences: items })}
        row={(licence, at, set) => (
          <>
            <TextInput label="Kind" required value={licence.kind} onChange={(event) => set({ ...licence, kind: event.currentTarget.value })} />
            <TextInput label="State" required value={licence.state} onChange={(event) => set({ ...licence, state: event.currentTarget.value })} />
            <TextInput
              label="Last valid day"
              type="date"
              required
              value={licence.until}
              error={fault(`licences.${at}.until`)}
              onChange={(event) => set({ ...licence, until: event.currentTarget.value })}
            />
          </>
        )}
      />
      <Rows
        legend="Certifications"
        items={certifications}
        blank={{ protocols: [], until: '' }}
        change={(items) => change({ certifications: items })}
        row={(certification, at, set) => (
          <>
            <ListField label="Protocols" items={certification.protocols} change={(protocols) => set({ ...certification, protocols })} />
            <TextInput
              label="Last valid day"
              type="date"
              required
              value={certification.until}
              error={fault(`certifications.${at}.until`)}
              onChange={(event) => set({ ...certification, until: event.currentTarget.value })}
            />
          </>
        )}
      />
    </>
  );
}

function Weeks({ person: { hours: all }, change, fault, locations }: Part & Pick<ClinicSettings, 'locations'>) {
  return locations.map(({ id, name }) => {
    const { [id]: here = {}, ...others } = all;
    return (
      <fieldset key={id}>
        <legend>Hours at {name}</legend>
        <HoursFields
          hours={here}
          path={`hours.${id}`}
          fault={fault}
          change={(hours) => change({ hours: Object.keys(hours).length === 0 ? others : { ...others, [id]: hours } })}
        />
      </fieldset>
    );
  });
}

function Form({ before, settings, edit, fault, index }: Draft & { index: number }) {
  const { staff, locations } = settings;
  const person = staff[index] ?? nobody;
  const part: Part = {
    person,
    fault: (field) => fault(`staff.${index}.${field}`),
    change: (more) => {
      const changed = { ...person, ...more };
      edit({ ...settings, staff: index < staff.length ? withItem(staff, index, changed) : [...staff, changed] });
    },
  };
  return (
    <>
      <Reach {...part} isNew={index >= before.staff.length} />
      <Roles {...part} known={[...new Set([...usualRoles, ...staff.flatMap(({ roles }) => roles)])]} />
      <Credentials {...part} />
      <Weeks {...part} locations={locations} />
    </>
  );
}

/** A member of staff: roles, how they are paged, what they may do and until when, and their hours. */
export function EditPerson({ id }: { id: string | null }) {
  const { staffName } = useDesk();
  return (
    <Revise title={id === null ? 'Somebody new' : staffName(id)} back={back}>
      {(draft) => {
        const { staff } = draft.before;
        const index = id === null ? staff.length : staff.findIndex((person) => person.id === id);
        return index < 0 ? <p className="nothing">Nobody of that id works here.</p> : <Form {...draft} index={index} />;
      }}
    </Revise>
  );
}
