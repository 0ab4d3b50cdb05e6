import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Page } from '../api.js';
import { type Consultation, type Field, money, type RecordedFact, saidIn, type Step, type StepContext, steps } from '../consultation.js';
import { useAnswer, useDesk } from '../data.js';
import { Answer } from '../parts/answer.js';
import { StepForm } from '../parts/consultation-form.js';
import { DoneStep, EstimateStep, PatchTestStep, QuestionsStep } from '../parts/consultation-more.js';
import { OptionsStep, PlanStep } from '../parts/consultation-plan.js';
import { Person } from '../parts/person.js';
import { When } from '../parts/when.js';
import { plain, treatment } from '../words.js';
import '../consultation.css';

const statusSay: Readonly<Record<Consultation['status'], string>> = {
  requested: 'Asked for',
  in_progress: 'Under way',
  finalized: 'Finished, with a gate still closed',
  ready: 'Ready to be booked',
  course_open: 'The course is open',
  declined: 'The patient declined',
  deferred: 'The patient wants to think about it',
};
const gateSigns = { met: ['✓', 'Met'], unmet: ['✕', 'Missing'], waived: ['–', 'Not needed'] } as const;
const clinicalRoles = ['provider', 'medical_director'];
const deskRoles = ['front_desk', ...clinicalRoles];

const isDone = ({ steps: done }: Consultation, key: string) => done.some(({ step }) => step === key || (key === 'patch-test' && step.startsWith('patch-test')));

/** What stands between the patient and a booking: met, missing and why. */
function Gates({ consultation: { gates, courseId, patientId } }: { consultation: Consultation }) {
  return (
    <section className="gates" aria-label="Gates">
      <h2>Before anything is booked</h2>
      <ul className="plain">
        {gates.map(({ gate, met, why }) => (
          <li key={gate} data-met={met}>
            <span aria-hidden="true">{gateSigns[met][0]}</span>
            <div>
              <strong>
                {plain(gate)}: {gateSigns[met][1].toLowerCase()}
              </strong>
              <div className="soft">{why}</div>
            </div>
          </li>
        ))}
      </ul>
      {courseId === null ? null : (
        <p>
          <a className="go" href={`#/patients/${encodeURIComponent(patientId)}`}>
            See the course
          </a>
        </p>
      )}
    </section>
  );
}

/** Condition codes that may be cleared stand in the event's own schema. */
function useClearable(): Field['choices'] {
  const types = useAnswer<Page<{ readonly type: string; readonly schema: unknown }>>('clinic', 'event-types');
  const schema = types.data?.items.find(({ type }) => type === 'consultation.clearance-recorded.v1')?.schema as
    { readonly properties?: { readonly code?: { readonly enum?: readonly string[] } } } | undefined;
  return (schema?.properties?.code?.enum ?? []).map((value) => ({ value, label: plain(value) }));
}

interface AtStep {
  readonly step: Step;
  readonly consultation: Consultation;
  readonly facts: readonly RecordedFact[];
}

function StepBody({ step, consultation, facts }: AtStep) {
  const { me, clinic, now } = useDesk();
  const clearable = useClearable();
  const clinical = me.roles.some((role) => clinicalRoles.includes(role));
  const { id, plan } = consultation;
  const context: StepContext = { planId: plan?.planId ?? '', providerId: clinical ? (me.staffId ?? '') : '', now };
  const protocolIds = [...new Set((plan?.items ?? []).map(({ protocolId }) => protocolId))];
  const choices = { locationId: clinic.locations.map(({ id: value, name: label }) => ({ value, label })), code: clearable };
  if (!me.roles.some((role) => (step.desk === true ? deskRoles : clinicalRoles).includes(role)))
    return <p className="nothing">{step.desk === true ? 'Your role only reads here.' : 'A provider records this step.'}</p>;
  if (step.key === 'requested') return null;
  if (step.key === 'options-presented') return <OptionsStep id={id} />;
  if (step.key === 'plan-proposed') return <PlanStep id={id} context={context} />;
  if (step.key === 'question-asked') return <QuestionsStep id={id} facts={facts} clinical={clinical} />;
  if (step.key === 'patch-test') return <PatchTestStep id={id} protocolIds={protocolIds} context={context} />;
  if (step.key === 'estimate-presented') return <EstimateStep id={id} protocolIds={protocolIds} />;
  if (plan === null && step.given?.(context)['planId'] !== undefined) return <p className="nothing">Propose a plan first.</p>;
  if (step.key === 'instructions-given') return <DoneStep id={id} type={step.type} data={{ planId: context.planId }} word="The instructions were given" />;
  return <StepForm key={step.key} step={step} consultationId={id} context={context} choices={choices} />;
}

const belongsTo = ({ key, type }: Step, fact: RecordedFact) => {
  const name = fact.type.replace(/^consultation\./, '');
  if (key === 'patch-test') return name.startsWith('patch-test');
  if (key === 'question-asked') return name.startsWith('question-');
  if (key === 'estimate-presented') return name.startsWith('estimate-') || name.startsWith('deposit-');
  return fact.type === type;
};

/** What was recorded of a step, the newest last. */
function Recorded({ step, facts }: { step: Step; facts: readonly RecordedFact[] }) {
  const { staffName } = useDesk();
  const own = facts.filter((fact) => belongsTo(step, fact));
  if (own.length === 0) return null;
  return (
    <ul className="plain recorded" aria-label={`Recorded: ${step.title}`}>
      {own.map(({ id, at, by, data, type }) => (
        <li key={id}>
          <span className="soft">
            <When at={at} /> · {staffName(by)} · {plain(type.replace(/^consultation\.|\.v\d+$/g, ''))}
          </span>
          <dl className="facts">
            {amountsSaid(data).map(([name, said]) => (
              <div key={name} style={{ display: 'contents' }}>
                <dt>{name}</dt>
                <dd>{said}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}

/** Amounts and treatments read as people write them. */
function amountsSaid(data: RecordedFact['data']): readonly (readonly [string, string])[] {
  const currency = typeof data['currency'] === 'string' ? data['currency'] : null;
  const { currency: _currency, ...rest } = data;
  const worded = JSON.parse(JSON.stringify(rest), (key: string, value: unknown) =>
    currency !== null && typeof value === 'number' && (key === 'amount' || key === 'depositRequired')
      ? money(value, currency)
      : key === 'protocolId' && typeof value === 'string'
        ? treatment(value)
        : value,
  ) as Record<string, unknown>;
  return saidIn('protocolId' in worded ? { treatment: worded['protocolId'], ...worded } : worded);
}

function Steps({ consultation, facts }: { consultation: Consultation; facts: readonly RecordedFact[] }) {
  const next = steps.find(({ key }) => !isDone(consultation, key))?.key ?? 'finalized';
  const [chosen, setChosen] = useState<string | null>(null);
  const step = steps.find(({ key }) => key === (chosen ?? next)) ?? steps[0];
  if (step === undefined) return null;
  return (
    <div className="guided">
      <nav aria-label="Steps" className="steps">
        <ol className="plain">
          {steps.map(({ key, title }) => (
            <li key={key}>
              <button type="button" aria-current={key === step.key ? 'step' : undefined} data-done={isDone(consultation, key)} onClick={() => setChosen(key)}>
                <span aria-hidden="true">{isDone(consultation, key) ? '✓' : '○'}</span> {title}
                <span className="unseen">{isDone(consultation, key) ? ', done' : ''}</span>
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <section className="at-step" aria-label={step.title}>
        <h2>{step.title}</h2>
        <Recorded step={step} facts={facts} />
        <StepBody key={step.key} step={step} consultation={consultation} facts={facts} />
        {isDone(consultation, step.key) && chosen !== null ? (
          <p>
            <Button variant="default" onClick={() => setChosen(null)}>
              Go on to the next step
            </Button>
          </p>
        ) : null}
      </section>
      <Gates consultation={consultation} />
    </div>
  );
}

/** Everything that was recorded, one step after the other: what goes on paper. */
function Summary({ facts }: { facts: readonly RecordedFact[] }) {
  return (
    <section className="on-paper" aria-hidden="true">
      {steps.map((step) =>
        facts.some((fact) => belongsTo(step, fact)) ? (
          <div key={step.key}>
            <h2>{step.title}</h2>
            <Recorded step={step} facts={facts} />
          </div>
        ) : null,
      )}
    </section>
  );
}

function Known({ consultation }: { consultation: Consultation }) {
  const path = `patients/${encodeURIComponent(consultation.patientId)}/facts?consultationId=${encodeURIComponent(consultation.id)}`;
  const facts = useAnswer<Page<RecordedFact>>('consultation', path);
  return (
    <>
      <div className="row head">
        <h1>
          Consultation: <Person id={consultation.patientId} />
        </h1>
        <Button variant="default" onClick={() => window.print()}>
          Print a summary
        </Button>
      </div>
      <p className="soft" role="status">
        {statusSay[consultation.status]}. What you type is kept in this tab until you record it.
      </p>
      <Answer of={facts}>
        {({ items }) => (
          <>
            <Steps consultation={consultation} facts={items} />
            <Summary facts={items} />
          </>
        )}
      </Answer>
    </>
  );
}

export function ConsultationPage({ id }: { id: string }) {
  const consultation = useAnswer<Consultation>('consultation', `consultations/${encodeURIComponent(id)}`);
  return <Answer of={consultation}>{(known) => <Known consultation={known} />}</Answer>;
}
