import '../outreach.css';
import { Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { get, type Outreach, type Page, query } from '../api.js';
import { useAnswer, useDesk } from '../data.js';
import { Answer } from '../parts/answer.js';
import { OutreachMessage } from '../parts/outreach-message.js';
import { OutreachTable } from '../parts/outreach-table.js';
import { useAsked } from '../parts/route.js';
import { dayOf, dayRange, plain, shiftDay } from '../words.js';

const statuses = ['planned', 'attempting', 'sent', 'delivered', 'in_doubt', 'unproven', 'failed', 'missed', 'cancelled'];
const all = { value: '', label: 'All' };
const channels = [all, { value: 'sms', label: 'Text' }, { value: 'email', label: 'E-mail' }, { value: 'call', label: 'Call' }];
const perPage = 50;
/** What went wrong longer ago than this is history; so is what was sent. */
const daysBack = 30;

interface Shown {
  readonly view: string;
  readonly channel: string;
  readonly touchpoint: string;
  readonly status: string;
  readonly search: string;
}

/** What is shown stands in the address: it outlives a look at one message, and can be handed on. */
function useShown(): Shown {
  const [view, channel, touchpoint, status, search] = [useAsked('view'), useAsked('channel'), useAsked('touchpoint'), useAsked('status'), useAsked('search')];
  return { view: view === '' ? 'coming' : view, channel, touchpoint, status, search };
}
const addressOf = (shown: Shown, id = '') => `#/outreach${id === '' ? '' : `/${encodeURIComponent(id)}`}?${query({ ...shown })}`;

const views: Readonly<Record<string, { readonly word: string; readonly none: string }>> = {
  coming: { word: 'To come', none: 'Nothing is to go out.' },
  held: { word: 'Held', none: 'Nobody holds anything back.' },
  trouble: { word: 'Went wrong', none: 'Nothing went wrong in the last thirty days.' },
  all: { word: 'Everything', none: 'No messages like that.' },
};

function useMessages({ view, channel, touchpoint, status, search }: Shown) {
  const { now, timeZone } = useDesk();
  const from = dayRange(shiftDay(dayOf(now, timeZone), -daysBack), timeZone).from;
  const byView: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    coming: { status: 'planned' },
    held: { held: 'true' },
    trouble: { trouble: 'true', from },
    all: { status, from },
  };
  const asked = { channel, touchpoint, query: search, limit: perPage, ...byView[view] };
  return useInfiniteQuery({
    queryKey: ['outreach', asked],
    queryFn: ({ pageParam }) => get<Page<Outreach>>(`outreach?${query({ ...asked, cursor: pageParam })}`),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  });
}

function Filters({ shown }: { shown: Shown }) {
  const touchpoints = useAnswer<Page<string>>('touchpoints', 'outreach/touchpoints');
  const show = (more: Partial<Shown>) => void (window.location.hash = addressOf({ ...shown, ...more }));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    show({ search: String(new FormData(event.currentTarget).get('search') ?? '').trim() });
  };
  return (
    <form className="filters" onSubmit={submit} role="search" aria-label="Messages">
      <SegmentedControl
        className="views"
        aria-label="Which messages"
        data={Object.entries(views).map(([value, { word }]) => ({ value, label: word }))}
        value={shown.view}
        onChange={(view) => show({ view })}
      />
      <NativeSelect label="By" data={channels} value={shown.channel} onChange={(event) => show({ channel: event.currentTarget.value })} />
      <NativeSelect
        label="What"
        data={[all, ...(touchpoints.data?.items ?? []).map((value) => ({ value, label: plain(value) }))]}
        value={shown.touchpoint}
        onChange={(event) => show({ touchpoint: event.currentTarget.value })}
      />
      {shown.view === 'all' ? (
        <NativeSelect
          label="Status"
          data={[all, ...statuses.map((value) => ({ value, label: plain(value) }))]}
          value={shown.status}
          onChange={(event) => show({ status: event.currentTarget.value })}
        />
      ) : null}
      <TextInput label="Patient" name="search" placeholder="Name, phone or e-mail" defaultValue={shown.search} />
      <Button type="submit" variant="default" className="beside-fields">
        Find
      </Button>
    </form>
  );
}

/** What will go out to whom, when and why; what went wrong, and what was done about it. */
export function OutreachPage({ id }: { id: string | null }) {
  const shown = useShown();
  const messages = useMessages(shown);
  return (
    <>
      <h1>Outreach</h1>
      <div className="outreach" data-open={id !== null}>
        <div>
          <Filters key={shown.search} shown={shown} />
          <Answer of={messages} empty={(rows) => (rows.length === 0 ? (views[shown.view]?.none ?? null) : null)}>
            {(rows) => <OutreachTable rows={rows} tasks={shown.view === 'trouble'} linkTo={(row) => addressOf(shown, row)} />}
          </Answer>
          {messages.hasNextPage ? (
            <Button variant="default" loading={messages.isFetchingNextPage} onClick={() => void messages.fetchNextPage()}>
              More of them
            </Button>
          ) : null}
        </div>
        {id === null ? null : <OutreachMessage id={id} close={addressOf(shown)} />}
      </div>
    </>
  );
}
