import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type PatientRecord, post } from '../api.js';
import { useAnswer } from '../data.js';
import { Answer, Trouble } from '../parts/answer.js';
import { useAsked } from '../parts/route.js';
import '../consultation.css';

const channels = [
  { value: 'walk_in', label: 'Came in' },
  { value: 'phone', label: 'Called' },
  { value: 'email', label: 'Wrote an e-mail' },
  { value: 'online', label: 'Asked online' },
];
const people = [
  ['givenName', 'Given name', true],
  ['familyName', 'Family name', true],
  ['birthDate', 'Born (YYYY-MM-DD)', false],
  ['phone', 'Phone, with country code', false],
  ['email', 'E-mail', false],
] as const;

/** Who asks, how, and for what: a new person, or one whom the clinic knows. */
function Asking({ patient }: { patient: PatientRecord | null }) {
  const known = Object.fromEntries(people.map(([name]) => [name, patient?.[name] ?? '']));
  const [person, setPerson] = useState<Readonly<Record<string, string>>>(known);
  const [channel, setChannel] = useState('walk_in');
  const [language, setLanguage] = useState(patient?.language ?? 'en');
  const [concerns, setConcerns] = useState('');
  const starting = useMutation({
    mutationFn: () => {
      const given = Object.fromEntries(Object.entries(person).filter(([, value]) => value.trim() !== ''));
      const said = concerns
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
      const data = { channel, person: { ...given, language }, ...(said.length === 0 ? {} : { concerns: said }) };
      return post<{ readonly id: string }>('consultations', { ...(patient === null ? {} : { patientId: patient.id }), data });
    },
    onSuccess: ({ id }) => void (window.location.hash = `#/consultations/${encodeURIComponent(id)}`),
  });
  const ready = people.every(([name, , required]) => !required || (person[name] ?? '').trim() !== '');
  return (
    <form className="step-form" onSubmit={(event) => (event.preventDefault(), starting.mutate())}>
      <NativeSelect label="How they asked" value={channel} onChange={(event) => setChannel(event.currentTarget.value)} data={channels} />
      {people.map(([name, label, required]) => (
        <TextInput
          key={name}
          label={label}
          required={required}
          autoComplete="off"
          value={person[name] ?? ''}
          onChange={(event) => setPerson({ ...person, [name]: event.currentTarget.value })}
        />
      ))}
      <NativeSelect
        label="Language"
        value={language}
        onChange={(event) => setLanguage(event.currentTarget.value)}
        data={[
          { value: 'en', label: 'English' },
          { value: 'es', label: 'Spanish' },
        ]}
      />
      <Textarea label="What troubles them, one a line" autosize minRows={2} value={concerns} onChange={(event) => setConcerns(event.currentTarget.value)} />
      {starting.isError ? <Trouble error={starting.error} /> : null}
      <div className="row head">
        <Button type="submit" loading={starting.isPending} disabled={!ready}>
          Begin the consultation
        </Button>
      </div>
    </form>
  );
}

function OfKnown({ id }: { id: string }) {
  const patient = useAnswer<PatientRecord>('patient', `patients/${encodeURIComponent(id)}`);
  return <Answer of={patient}>{(known) => <Asking patient={known} />}</Answer>;
}

export function NewConsultation() {
  const patientId = useAsked('patient');
  return (
    <>
      <h1>New consultation</h1>
      {patientId === '' ? <Asking patient={null} /> : <OfKnown id={patientId} />}
    </>
  );
}
