import { Button, NativeSelect, TextInput } from '@mantine/core';
import { type RecordedFact, minorUnits, type StepContext } from '../consultation.js';
import { treatment } from '../words.js';
import { type Facts, Recording, useFact } from './consultation-form.js';
import { useDraft } from './draft.js';

const textIn = ({ data }: RecordedFact, name: string): string => (typeof data[name] === 'string' ? data[name] : '');

function Question({ asked, fact, clinical }: { asked: RecordedFact; fact: Facts; clinical: boolean }) {
  const questionId = textIn(asked, 'questionId');
  const { draft, change } = useDraft(asked.consultationId, `answer-${questionId}`);
  const text = (draft['text'] ?? '').trim();
  const send = () => fact.mutate([{ type: 'consultation.question-answered.v1', data: { questionId, text } }]);
  return (
    <li>
      <p>{textIn(asked, 'text')}</p>
      {clinical ? (
        <Recording fact={fact} word="Record the answer" ready={text !== ''} send={send}>
          <TextInput label="What was answered" value={draft['text'] ?? ''} onChange={(event) => change({ text: event.currentTarget.value })} />
        </Recording>
      ) : null}
    </li>
  );
}

/** What the patient asked: every question needs its answer before a session can be booked. */
export function QuestionsStep({ id, facts, clinical }: { id: string; facts: readonly RecordedFact[]; clinical: boolean }) {
  const { draft, change, clear } = useDraft(id, 'question-asked');
  const [asking, answering] = [useFact(id, clear), useFact(id)];
  const answered = facts.filter(({ type }) => type === 'consultation.question-answered.v1').map((fact) => textIn(fact, 'questionId'));
  const open = facts.filter((fact) => fact.type === 'consultation.question-asked.v1' && !answered.includes(textIn(fact, 'questionId')));
  const text = (draft['text'] ?? '').trim();
  const send = () => asking.mutate([{ type: 'consultation.question-asked.v1', data: { questionId: crypto.randomUUID(), text } }]);
  return (
    <>
      <ul className="plain">
        {open.map((asked) => (
          <Question key={asked.id} asked={asked} fact={answering} clinical={clinical} />
        ))}
      </ul>
      <Recording fact={asking} word="Record the question" ready={text !== ''} send={send}>
        <TextInput label="What the patient asks" value={draft['text'] ?? ''} onChange={(event) => change({ text: event.currentTarget.value })} />
      </Recording>
    </>
  );
}

const patchWords: Readonly<Record<string, string>> = {
  required: 'It is required',
  waived: 'It is waived',
  performed: 'It was performed now',
  clear: 'It was read now: clear',
  reaction: 'It was read now: a reaction',
  inconclusive: 'It was read now: inconclusive',
};
const readings = ['clear', 'reaction', 'inconclusive'];

export function PatchTestStep({ id, protocolIds, context }: { id: string; protocolIds: readonly string[]; context: StepContext }) {
  const { draft, change, clear } = useDraft(id, 'patch-test');
  const fact = useFact(id, clear);
  const [protocolId, what] = [draft['protocolId'] ?? '', draft['what'] ?? ''];
  const reason = (draft['reason'] ?? '').trim();
  const send = () => {
    const isRead = readings.includes(what);
    const own = isRead ? { at: context.now, result: what } : what === 'performed' ? { at: context.now } : reason === '' ? {} : { reason };
    fact.mutate([{ type: `consultation.patch-test-${isRead ? 'read' : what}.v1`, data: { protocolId, ...own } }]);
  };
  if (protocolIds.length === 0) return <p className="nothing">Propose a plan first: a patch test is for one of its treatments.</p>;
  return (
    <Recording fact={fact} word="Record" ready={protocolId !== '' && what !== ''} send={send}>
      <NativeSelect
        label="For"
        value={protocolId}
        onChange={(event) => change({ protocolId: event.currentTarget.value })}
        data={[{ value: '', label: 'Choose…' }, ...protocolIds.map((value) => ({ value, label: treatment(value) }))]}
      />
      <NativeSelect
        label="What is to be recorded"
        value={what}
        onChange={(event) => change({ what: event.currentTarget.value })}
        data={[{ value: '', label: 'Choose…' }, ...Object.entries(patchWords).map(([value, label]) => ({ value, label }))]}
      />
      {what === 'required' || what === 'waived' ? (
        <TextInput label="Why" value={draft['reason'] ?? ''} onChange={(event) => change({ reason: event.currentTarget.value })} />
      ) : null}
    </Recording>
  );
}

const currency = 'USD';

/** What it will cost and what is paid ahead; amounts are typed as people write them and kept in minor units. */
export function EstimateStep({ id, protocolIds }: { id: string; protocolIds: readonly string[] }) {
  const { draft, change, clear } = useDraft(id, 'estimate-presented');
  const [estimate, deposit] = [useFact(id, clear), useFact(id, () => change({ paid: '' }))];
  const amountOf = (name: string) => minorUnits(draft[name] ?? '', currency);
  const lines = protocolIds.flatMap((protocolId) => {
    const amount = amountOf(`price ${protocolId}`);
    return amount === null ? [] : [{ kind: 'treatment', label: treatment(protocolId), amount }];
  });
  const [required, paid] = [amountOf('required'), amountOf('paid')];
  const send = () =>
    estimate.mutate([{ type: 'consultation.estimate-presented.v1', data: { currency, lines, ...(required === null ? {} : { depositRequired: required }) } }]);
  const input = (name: string, label: string) => (
    <TextInput
      key={name}
      label={`${label} (${currency})`}
      inputMode="decimal"
      value={draft[name] ?? ''}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <>
      {protocolIds.length === 0 ? (
        <p className="nothing">Propose a plan first: the estimate is for its treatments.</p>
      ) : (
        <Recording fact={estimate} word="Record the estimate" ready={lines.length > 0} send={send}>
          {protocolIds.map((protocolId) => input(`price ${protocolId}`, `${treatment(protocolId)}, the whole series`))}
          {input('required', 'Deposit required')}
        </Recording>
      )}
      <Recording
        fact={deposit}
        word="Record the deposit"
        ready={paid !== null && paid > 0}
        send={() => deposit.mutate([{ type: 'consultation.deposit-paid.v1', data: { amount: paid, currency } }])}
      >
        {input('paid', 'Deposit paid')}
      </Recording>
    </>
  );
}

/** A step that needs no words: that it was done is all there is to say. */
export function DoneStep({ id, type, data, word }: { id: string; type: string; data: object; word: string }) {
  const fact = useFact(id);
  return (
    <>
      <Button loading={fact.isPending} onClick={() => fact.mutate([{ type, data }])}>
        {word}
      </Button>
      {fact.isError ? <p role="alert">{fact.error.message}</p> : null}
    </>
  );
}
