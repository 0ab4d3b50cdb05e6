import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import { type Conversation, type Page, post, query, type Task } from '../api.js';
import { useAnswer, useDesk } from '../data.js';
import { clockTime, dayOf, dayWords } from '../words.js';

const places = [
  ['today', 'Today'],
  ['upcoming', 'Upcoming'],
  ['inbox', 'Inbox'],
  ['outreach', 'Outreach'],
  ['tasks', 'Tasks'],
  ['patients', 'Patients'],
  ['insight', 'Insight'],
  ['settings', 'Settings'],
] as const;
const seesInsight = ['provider', 'medical_director', 'admin', 'auditor'];

/** How many wait, beside the place where they wait. */
function useCounts(): Readonly<Record<string, number>> {
  const threads = useAnswer<Page<Conversation>>('conversation', `conversations?${query({ status: 'open', limit: 200 })}`);
  const tasks = useAnswer<Page<Task>>('task', `tasks?${query({ status: 'open', limit: 200 })}`);
  return { inbox: threads.data?.items.length ?? 0, tasks: tasks.data?.items.length ?? 0 };
}

function Search() {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const writing = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (event.key !== '/' || writing) return;
      event.preventDefault();
      box.current?.focus();
    };
    document.addEventListener('keydown', focus);
    return () => document.removeEventListener('keydown', focus);
  }, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    window.location.hash = `#/patients?${query({ query: box.current?.value ?? '' })}`;
  };
  return (
    <form role="search" onSubmit={submit}>
      <TextInput ref={box} aria-label="Find a patient" placeholder="Find a patient  /" size="sm" />
    </form>
  );
}

function SignOut() {
  const client = useQueryClient();
  const { me } = useDesk();
  const leave = () =>
    post('sign-out').finally(() => {
      client.clear();
      // Drafts are whose they are: the next person at this desk must not find them.
      sessionStorage.clear();
      window.location.reload();
    });
  return (
    <Button variant="subtle" color="gray" size="compact-sm" onClick={() => void leave()} title={`Signed in as ${me.name}`}>
      Sign out
    </Button>
  );
}

/** `heard`: the server tells us what changes; while it does not, what is shown may be old. */
export function Shell({ place, heard, children }: { place: string; heard: boolean; children: ReactNode }) {
  const { clinic, me, now, timeZone } = useDesk();
  const counts = useCounts();
  const nav = useRef<HTMLElement>(null);
  // On a phone the places slide in one row: where one is must be in sight.
  useEffect(() => {
    // Newer browsers answer a promise here, which no effect may return.
    void nav.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [place]);
  const open = places.filter(([to]) => to !== 'insight' || me.roles.some((role) => seesInsight.includes(role)));
  return (
    <>
      <a className="skip" href="#content" onClick={(event) => (event.preventDefault(), document.getElementById('content')?.focus())}>
        To the content
      </a>
      <header className="top">
        <strong className="brand">
          <img src="./glow.svg" alt="" width="24" height="24" /> {clinic.name}
        </strong>
        <nav ref={nav} aria-label="Places">
          {open.map(([to, word]) => (
            <a key={to} href={`#/${to}`} aria-current={place === to ? 'page' : undefined}>
              {word}
              {(counts[to] ?? 0) > 0 ? <span className="count">{counts[to]}</span> : null}
            </a>
          ))}
        </nav>
        <Search />
        <span className="who">
          {me.name} · {dayWords(dayOf(now, timeZone))}, {clockTime(now, timeZone)}
        </span>
        <SignOut />
      </header>
      <p className="unheard" role="status">
        {heard ? null : 'Reconnecting… what you see may be a little old.'}
      </p>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
