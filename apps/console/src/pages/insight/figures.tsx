import type { SessionStatus, Urgency } from '../../api.js';
import { type CheckInDay, type Insight, lasting } from '../../insight.js';
import { channelWord, plain, sentence, statusWords, treatment } from '../../words.js';
import { Bars, type Fill, Figure, Legend, Numbers, type Part, Stacks } from './charts.js';

const visitFills: readonly (readonly [SessionStatus, Fill])[] = [
  ['completed', 'fine'],
  ['arrived', 'plain'],
  ['confirmed', 'fine'],
  ['booked', 'soon'],
  ['held', 'soon'],
  ['on_hold', 'urgent'],
  ['no_show', 'urgent'],
  ['cancelled', 'quiet'],
];

const partsTable = (parts: readonly Part[]) => parts.map(({ word, value }) => [word, value]);

export function Visits({ sessions: { byStatus, moves } }: Insight) {
  const parts = visitFills.flatMap(([status, fill]): Part[] =>
    byStatus[status] === undefined ? [] : [{ word: statusWords[status].word, value: byStatus[status], fill }],
  );
  const moved = [
    { word: 'By patients', value: moves.byPatient, fill: 'plain' },
    { word: 'By staff', value: moves.byStaff, fill: 'plain' },
    { word: 'By the schedule', value: moves.bySchedule, fill: 'quiet' },
  ] satisfies Part[];
  const rows = [...partsTable(parts), ...moved.map(({ word, value }) => [`Moved ${word.toLowerCase()}`, value])];
  return (
    <Figure title="Visits" shape="tall" tells="Visits of the period, as they stand now." empty={parts.length === 0 ? 'No visit lies in this period.' : null}>
      <Bars label="Visits" parts={parts} />
      <h3>Moves</h3>
      {moves.sessions === 0 ? (
        <p className="soft">No visit was moved.</p>
      ) : (
        <>
          <p className="soft">{moves.sessions === 1 ? 'One visit was' : `${moves.sessions} visits were`} given another time in the period.</p>
          <Bars label="Moves" parts={moved} />
        </>
      )}
      <Numbers of="Visits and moves" heads={['What', 'Number']} rows={rows} />
    </Figure>
  );
}

export function Courses({ courses: { completed, underWay, abandoned } }: Insight) {
  const parts = [
    { word: 'Completed', value: completed, fill: 'fine' },
    { word: 'Under way', value: underWay, fill: 'plain' },
    { word: 'Abandoned', value: abandoned, fill: 'urgent' },
  ] satisfies Part[];
  const none = completed + underWay + abandoned === 0;
  return (
    <Figure
      title="Courses"
      tells="Courses with a visit in the period. Abandoned: nothing is to come, and not everything was done."
      empty={none ? 'No course has a visit in this period.' : null}
    >
      <Bars label="Courses" parts={parts} />
      <Numbers of="Courses" heads={['Course', 'Number']} rows={partsTable(parts)} />
    </Figure>
  );
}

const outcomes: readonly { readonly word: string; readonly fill: Fill; readonly of: readonly Urgency[] }[] = [
  { word: 'As expected', fill: 'fine', of: ['expected'] },
  { word: 'Question or soon', fill: 'soon', of: ['ask', 'soon'] },
  { word: 'Urgent or emergency', fill: 'urgent', of: ['urgent', 'emergency'] },
  { word: 'Something else', fill: 'quiet', of: ['administrative'] },
];
const noAnswer = { word: 'No answer', fill: 'none' } as const;

const outcomeParts = ({ asked, answered, outcomes: found }: CheckInDay): Part[] => [
  ...outcomes.map(({ word, fill, of }) => ({ word, fill, value: of.reduce((sum, urgency) => sum + (found[urgency] ?? 0), 0) })),
  { ...noAnswer, value: asked - answered },
];

export function CheckIns({ checkIns: { days } }: Insight) {
  const protocols = [...new Set(days.map(({ protocolId }) => protocolId))];
  const named = (protocolId: string | null) => (protocolId === null ? 'Other' : treatment(protocolId));
  const heads = ['Treatment', 'Day', 'Asked', ...outcomes.map(({ word }) => word), noAnswer.word];
  return (
    <Figure
      shape="wide"
      title="Check-ins"
      tells="What patients answered, by treatment and day after it; of several answers to one question the gravest."
      empty={days.length === 0 ? 'No check-in went out in this period. They go by themselves on the days after a visit is marked done.' : null}
    >
      <Legend parts={[...outcomes, noAnswer]} />
      <div className="protocols">
        {protocols.map((protocolId) => (
          <div key={protocolId}>
            <h3>{named(protocolId)}</h3>
            <Stacks
              label={named(protocolId)}
              rows={days
                .filter((row) => row.protocolId === protocolId)
                .map((row) => ({ word: `Day ${row.day ?? '–'} (${row.asked})`, parts: outcomeParts(row) }))}
            />
          </div>
        ))}
      </div>
      <Numbers
        of="Check-ins by treatment and day"
        heads={heads}
        rows={days.map((row) => [named(row.protocolId), row.day ?? '–', row.asked, ...outcomeParts(row).map(({ value }) => value)])}
      />
    </Figure>
  );
}

export function Answers({ answers: { waits, answered, closed, waiting, medianMinutes, p90Minutes } }: Insight) {
  const parts = [
    { word: 'Answered', value: answered, fill: 'fine' },
    { word: 'Dealt with otherwise', value: closed, fill: 'quiet' },
    { word: 'Still waiting', value: waiting, fill: 'urgent' },
  ] satisfies Part[];
  const times = medianMinutes === null || p90Minutes === null ? [] : [`Half within ${lasting(medianMinutes)}`, `nine of ten within ${lasting(p90Minutes)}`];
  const rows = [
    ...partsTable(parts),
    ['Median time to an answer', medianMinutes === null ? '–' : lasting(medianMinutes)],
    ['90th percentile', p90Minutes === null ? '–' : lasting(p90Minutes)],
  ];
  return (
    <Figure
      title="Answers by a person"
      tells={times.length === 0 ? 'Nobody has been answered yet.' : `${times.join(', ')}, nights and weekends counted.`}
      empty={waits === 0 ? 'No patient had to wait for a person.' : null}
    >
      <Bars label="Waits for a person" parts={parts} />
      <Numbers of="Answers by a person" heads={['What', 'Value']} rows={rows} />
    </Figure>
  );
}

export function Satisfaction({ satisfaction: { asked, answered, scores } }: Insight) {
  const fills: readonly Fill[] = ['urgent', 'urgent', 'soon', 'fine', 'fine'];
  const parts = scores.map((value, index): Part => ({ word: `${index + 1} of 5`, value, fill: fills[index] ?? 'plain' })).reverse();
  return (
    <Figure
      title="Satisfaction"
      tells={`${answered} of ${asked} patients who were asked gave a number from 1 to 5.`}
      empty={asked === 0 ? 'Nobody was asked in this period. Patients are asked some weeks after the last visit of their course.' : null}
    >
      <Bars label="Satisfaction" parts={parts} />
      <Numbers of="Satisfaction" heads={['Score', 'Patients']} rows={partsTable(parts)} />
    </Figure>
  );
}

const messageFills: readonly { readonly word: string; readonly fill: Fill; readonly of: readonly string[] }[] = [
  { word: 'Arrived or sent', fill: 'fine', of: ['delivered', 'sent'] },
  { word: 'To come', fill: 'plain', of: ['planned', 'attempting'] },
  { word: 'Not proven', fill: 'soon', of: ['in_doubt', 'unproven'] },
  { word: 'Failed or missed', fill: 'urgent', of: ['failed', 'missed'] },
  { word: 'Cancelled', fill: 'quiet', of: ['cancelled'] },
];

export function Messages({ messages }: Insight) {
  const channels = [...new Set(messages.map(({ channel }) => channel))];
  const partsOf = (name: string) =>
    messageFills.map(({ word, fill, of }): Part => {
      const mine = messages.filter(({ channel, status }) => channel === name && of.includes(status));
      return { word, fill, value: mine.reduce((sum, row) => sum + row.messages, 0) };
    });
  return (
    <Figure
      title="Messages"
      tells="Messages to patients that were due in the period, by the way they go."
      empty={messages.length === 0 ? 'No message was due in this period. They are planned when a visit is booked.' : null}
    >
      <Legend parts={messageFills} />
      <Stacks
        label="By channel"
        rows={channels.map((channel) => {
          const parts = partsOf(channel);
          return { word: `${sentence(channelWord(channel))} (${parts.reduce((sum, { value }) => sum + value, 0)})`, parts };
        })}
      />
      <Numbers
        of="Messages by channel and status"
        heads={['By', 'Status', 'Messages']}
        rows={messages.map(({ channel, status, messages: number }) => [sentence(channelWord(channel)), plain(status), number])}
      />
    </Figure>
  );
}
