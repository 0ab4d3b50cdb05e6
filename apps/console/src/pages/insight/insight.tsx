import './insight.css';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { query } from '../../api.js';
import { useAnswer, useDesk } from '../../data.js';
import { type Days, fullDay, type Insight, lasting, nothingHappened, percent, periods } from '../../insight.js';
import { Answer } from '../../parts/answer.js';
import { useAsked } from '../../parts/route.js';
import { dayOf } from '../../words.js';
import { Patterns } from './charts.js';
import { Answers, CheckIns, Courses, Messages, Satisfaction, Visits } from './figures.js';

/** The period stands in the address: a page that was shown to somebody can be shown to them again. */
const go = (days: Days) => void (window.location.hash = `#/insight?${query({ ...days })}`);
const ownPeriod = 'Own days';

function PeriodPicker({ days, today }: { days: Days; today: string }) {
  const known = periods(today);
  const name = known.find(([, { from, to }]) => from === days.from && to === days.to)?.[0] ?? ownPeriod;
  const choose = (wanted: string) => {
    const found = known.find(([word]) => word === wanted);
    if (found !== undefined) go(found[1]);
  };
  const day = (label: string, end: 'from' | 'to') => (
    <TextInput
      type="date"
      label={label}
      value={days[end]}
      onChange={({ currentTarget: { value } }) => {
        if (value !== '') go({ ...days, [end]: value });
      }}
    />
  );
  return (
    <div className="filters">
      <NativeSelect
        label="Period"
        data={[...known.map(([word]) => word), ...(name === ownPeriod ? [ownPeriod] : [])]}
        value={name}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {day('From', 'from')}
      {day('To', 'to')}
      <Button component="a" variant="default" href={`/v1/insight.csv?${query({ ...days })}`} download className="download">
        Download CSV
      </Button>
    </div>
  );
}

function Headline({ word, figure, of }: { word: string; figure: string; of: string }) {
  return (
    <div className="headline">
      <dt>{word}</dt>
      <dd>
        <strong>{figure}</strong> <span className="soft">{of}</span>
      </dd>
    </div>
  );
}

function Headlines({ sessions, confirmations, courses, checkIns, answers, satisfaction }: Insight) {
  const ended = courses.completed + courses.abandoned;
  const { medianMinutes } = answers;
  return (
    <dl className="headlines">
      <Headline word="Did not come" figure={percent(sessions.noShowRate)} of={`${sessions.noShows} of ${sessions.due} visits`} />
      <Headline word="Confirmed when asked" figure={percent(confirmations.rate)} of={`${confirmations.confirmed} of ${confirmations.asked} asked`} />
      <Headline word="Check-ins answered" figure={percent(checkIns.replyRate)} of={`${checkIns.answered} of ${checkIns.asked} sent`} />
      <Headline word="Answered by a person in" figure={medianMinutes === null ? '–' : lasting(medianMinutes)} of="at the median" />
      <Headline word="Courses completed" figure={percent(ended === 0 ? null : courses.completed / ended)} of={`${courses.completed} of ${ended} that ended`} />
      <Headline word="Satisfaction" figure={satisfaction.mean?.toFixed(1) ?? '–'} of={`of 5, from ${satisfaction.answered}`} />
    </dl>
  );
}

/** A period without anything: what to do about it. */
function Nothing({ today }: { today: string }) {
  const year = periods(today).find(([word]) => word === 'Last 12 months')?.[1];
  return (
    <div className="nothing">
      <p>Nothing happened in this period. Figures appear once visits are booked and messages go out.</p>
      {year === undefined ? null : (
        <Button variant="default" onClick={() => go(year)}>
          Look at the last 12 months
        </Button>
      )}
    </div>
  );
}

export function InsightPage() {
  const { now, timeZone } = useDesk();
  const today = dayOf(now, timeZone);
  const month = periods(today).find(([word]) => word === 'Last 30 days')?.[1] ?? { from: today, to: today };
  const days = { from: useAsked('from') || month.from, to: useAsked('to') || month.to };
  const insight = useAnswer<Insight>('insight', `insight?${query({ ...days })}`);
  return (
    <>
      <h1>Insight</h1>
      <PeriodPicker days={days} today={today} />
      <Answer of={insight}>
        {(found) =>
          nothingHappened(found) ? (
            <Nothing today={today} />
          ) : (
            <>
              <p className="soft">
                {fullDay(found.period.from)} to {fullDay(found.period.to)}, both included.
              </p>
              <Patterns />
              <Headlines {...found} />
              <div className="figures">
                <Visits {...found} />
                <Courses {...found} />
                <Messages {...found} />
                <CheckIns {...found} />
                <Answers {...found} />
                <Satisfaction {...found} />
              </div>
            </>
          )
        }
      </Answer>
    </>
  );
}
