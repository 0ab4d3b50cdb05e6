import { Button, Checkbox, NativeSelect, NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ask, type Page } from '../api.js';
import type { SchedulePreview, StepContext, TreatmentOption } from '../consultation.js';
import { useAnswer, useDesk } from '../data.js';
import { dayWords, daysFrom, treatment } from '../words.js';
import { Answer, Trouble } from './answer.js';
import { Recording, useFact } from './consultation-form.js';
import { useDraft } from './draft.js';
import { When } from './when.js';

export const useOptions = () => useAnswer<Page<TreatmentOption>>('clinic', 'treatment-options');
const span = ({ min, max }: { readonly min: number; readonly max: number }) => (min === max ? String(min) : `${min} to ${max}`);
const chosenOf = (kept: string | undefined): readonly string[] => (kept === undefined || kept === '' ? [] : kept.split(' '));

const compared: readonly (readonly [string, string, (option: TreatmentOption) => string])[] = [
  ['Downtime', 'social_downtime_days', ({ downtimeDays }) => `${downtimeDays} days`],
  ['Fully healed', 'full_recovery_days', ({ fullRecoveryDays }) => `${fullRecoveryDays} days`],
  ['Sessions', 'sessions', ({ sessions }) => span(sessions)],
  ['Between sessions', 'interval_days', ({ intervalDays }) => `${span(intervalDays)} days`],
  ['A session takes', 'session_duration_min', ({ durationMinutes }) => `${durationMinutes} min`],
  ['No sun before', 'sun_avoid_before_days', ({ sunAvoidBeforeDays }) => `${sunAvoidBeforeDays} days`],
];

/** What may be offered, side by side; each figure is that of the protocol in force and says where it comes from. */
function Comparison({ options }: { options: readonly TreatmentOption[] }) {
  return (
    <div className="sideways" tabIndex={0} role="region" aria-label="Options side by side">
      <table className="compared">
        <thead>
          <tr>
            <th scope="col">Option</th>
            {options.map(({ protocolId }) => (
              <th key={protocolId} scope="col">
                {treatment(protocolId)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {compared.map(([word, field, say]) => (
            <tr key={field}>
              <th scope="row">{word}</th>
              {options.map((option) => {
                const ids = option.sources.find((source) => source.field === field)?.ids ?? [];
                return (
                  <td key={option.protocolId} data-label={treatment(option.protocolId)}>
                    {say(option)}
                    <details className="soft">
                      <summary>Source</summary>
                      {ids.length === 0 ? 'none is given' : ids.join(', ')}; version {option.version}
                    </details>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function OptionsStep({ id }: { id: string }) {
  const options = useOptions();
  const { draft, change, clear } = useDraft(id, 'options-presented');
  const fact = useFact(id, clear);
  const chosen = chosenOf(draft['protocols']);
  const toggle = (protocolId: string) =>
    change({ protocols: (chosen.includes(protocolId) ? chosen.filter((other) => other !== protocolId) : [...chosen, protocolId]).join(' ') });
  const send = () => fact.mutate([{ type: 'consultation.options-presented.v1', data: { options: chosen.map((protocolId) => ({ protocolId })) } }]);
  return (
    <Answer of={options}>
      {({ items }) => (
        <Recording fact={fact} word="Record what was presented" ready={chosen.length > 0} send={send}>
          <fieldset className="choices">
            <legend>What may be offered</legend>
            {items.map(({ protocolId }) => (
              <Checkbox key={protocolId} label={treatment(protocolId)} checked={chosen.includes(protocolId)} onChange={() => toggle(protocolId)} />
            ))}
          </fieldset>
          {chosen.length === 0 ? null : <Comparison options={items.filter(({ protocolId }) => chosen.includes(protocolId))} />}
        </Recording>
      )}
    </Answer>
  );
}

interface Item {
  readonly protocolId: string;
  readonly sessions: number;
}

/** Dates and downtime as they would be if everything were agreed now. */
function Schedule({ id, items }: { id: string; items: readonly Item[] }) {
  const { staffName } = useDesk();
  const path = `consultations/${encodeURIComponent(id)}/schedule-preview`;
  const preview = useQuery<SchedulePreview, Error>({
    queryKey: ['session', path, items],
    queryFn: () => ask(path, { items }),
    placeholderData: (before) => before,
  });
  if (preview.isError) return <Trouble error={preview.error} />;
  if (preview.data === undefined) return <p role="status">Looking for times…</p>;
  const { sessions, because } = preview.data;
  const [first, last] = [sessions[0], sessions.at(-1)];
  if (first === undefined || last === undefined)
    return <p className="trouble">No schedule: {because.map(({ detail }) => detail).join('; ') || 'nothing was found within the time looked at'}.</p>;
  const length = Math.max(1, daysFrom(first.downtime.from, last.downtime.to));
  return (
    <>
      <p className="soft">If everything were agreed now. Nothing is booked yet.</p>
      <ol className="plain preview">
        {sessions.map((session) => {
          const left = (100 * daysFrom(first.downtime.from, session.downtime.from)) / length;
          const width = Math.max(1, (100 * daysFrom(session.downtime.from, session.downtime.to)) / length);
          return (
            <li key={`${session.item}-${session.number}`}>
              <strong>
                <When at={session.start} timeZone={session.timeZone} />
              </strong>{' '}
              {treatment(session.protocolId)}, visit {session.number}, {staffName(session.providerId)}
              <span className="track" aria-hidden="true">
                <span style={{ marginInlineStart: `${Math.min(left, 99)}%`, width: `${Math.min(width, 100 - left)}%` }} />
              </span>
              <span className="soft">
                Downtime to {dayWords(session.downtime.to)}
                {session.because.length === 0 ? '' : `. Limited by: ${session.because.map(({ detail }) => detail).join('; ')}`}
              </span>
            </li>
          );
        })}
      </ol>
    </>
  );
}

export function PlanStep({ id, context }: { id: string; context: StepContext }) {
  const options = useOptions();
  const { draft, change, clear } = useDraft(id, 'plan-proposed');
  const fact = useFact(id, clear);
  const items = JSON.parse(draft['items'] ?? '[]') as Item[];
  const set = (next: readonly Item[]) => change({ items: JSON.stringify(next) });
  const send = () =>
    fact.mutate([
      {
        type: 'consultation.plan-proposed.v1',
        data: { planId: crypto.randomUUID(), providerId: context.providerId, items: items.map((item, order) => ({ ...item, order })) },
      },
    ]);
  return (
    <Answer of={options}>
      {(known) => (
        <Recording fact={fact} word="Propose this plan" ready={items.length > 0 && context.providerId !== ''} send={send}>
          {items.map((item, place) => (
            <div className="row" key={item.protocolId}>
              <NumberInput
                label={treatment(item.protocolId)}
                description="sessions"
                min={1}
                max={24}
                value={item.sessions}
                onChange={(sessions) => set(items.with(place, { ...item, sessions: Math.max(1, Number(sessions) || 1) }))}
              />
              <Button
                variant="subtle"
                color="gray"
                aria-label={`Remove ${treatment(item.protocolId)}`}
                onClick={() => set(items.filter((other) => other !== item))}
              >
                Remove
              </Button>
            </div>
          ))}
          <NativeSelect
            label="Add a treatment"
            value=""
            onChange={(event) => {
              const option = known.items.find(({ protocolId }) => protocolId === event.currentTarget.value);
              if (option !== undefined) set([...items, { protocolId: option.protocolId, sessions: option.sessions.min }]);
            }}
            data={[
              { value: '', label: 'Choose…' },
              ...known.items
                .filter(({ protocolId }) => !items.some((item) => item.protocolId === protocolId))
                .map(({ protocolId }) => ({ value: protocolId, label: treatment(protocolId) })),
            ]}
          />
          {items.length === 0 ? null : <Schedule id={id} items={items} />}
        </Recording>
      )}
    </Answer>
  );
}
