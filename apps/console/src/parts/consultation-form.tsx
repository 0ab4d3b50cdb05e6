import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { post } from '../api.js';
import { dataOf, type Draft, type Field, isComplete, type Step, type StepContext } from '../consultation.js';
import { Trouble } from './answer.js';
import { useDraft } from './draft.js';

/** Records an event of a consultation, then asks anew for everything that it may have changed. */
export function useFact(consultationId: string, done: () => void = () => undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (facts: readonly { readonly type: string; readonly data: object }[]) =>
      facts.reduce<Promise<unknown>>(
        (before, fact) => before.then(() => post(`consultations/${encodeURIComponent(consultationId)}/facts`, fact)),
        Promise.resolve(),
      ),
    onSuccess: done,
    onSettled: () => Promise.all(['consultation', 'patient', 'session', 'timeline'].map((kind) => client.invalidateQueries({ queryKey: [kind] }))),
  });
}

export type Facts = ReturnType<typeof useFact>;

/** Sends a form; a refusal stands above the button, and what was typed stays. */
export function Recording({ fact, word, ready, children, send }: { fact: Facts; word: string; ready: boolean; children?: ReactNode; send: () => void }) {
  return (
    <form className="step-form" onSubmit={(event) => (event.preventDefault(), send())}>
      {children}
      {fact.isError ? <Trouble error={fact.error} /> : null}
      <div className="row head">
        <Button type="submit" loading={fact.isPending} disabled={!ready}>
          {word}
        </Button>
      </div>
    </form>
  );
}

function Input({
  field: { name, label, kind, required = false, choices = [] },
  draft,
  change,
}: {
  field: Field;
  draft: Draft;
  change: (draft: Draft) => void;
}) {
  const value = draft[name] ?? '';
  const set = (event: { readonly currentTarget: { readonly value: string } }) => change({ [name]: event.currentTarget.value });
  if (kind === 'choice') {
    const data = [{ value: '', label: 'Choose…' }, ...choices];
    return <NativeSelect label={label} required={required} value={value} onChange={set} data={data} />;
  }
  if (kind === 'list') return <Textarea label={label} required={required} autosize minRows={2} value={value} onChange={set} />;
  return <TextInput label={label} required={required} value={value} onChange={set} />;
}

/** The form of a step whose fields say all there is to it. */
export function StepForm({
  step,
  consultationId,
  context,
  choices,
}: {
  step: Step;
  consultationId: string;
  context: StepContext;
  choices: Readonly<Record<string, Field['choices']>>;
}) {
  const { draft, change, clear } = useDraft(consultationId, step.key);
  const fact = useFact(consultationId, clear);
  return (
    <Recording fact={fact} word="Record" ready={isComplete(step, draft)} send={() => fact.mutate([{ type: step.type, data: dataOf(step, draft, context) }])}>
      {step.fields.map((field) => (
        <Input
          key={field.name}
          field={choices[field.name] === undefined ? field : { ...field, choices: choices[field.name] ?? [] }}
          draft={draft}
          change={change}
        />
      ))}
    </Recording>
  );
}
