import { useEffect, useRef } from 'react';
import { type Conversation, type Message, type Outreach, type Page, query, type Thread } from '../api.js';
import { useAnswer, useDesk } from '../data.js';
import { Answer } from '../parts/answer.js';
import { Judgement } from '../parts/judgement.js';
import { Person } from '../parts/person.js';
import { Photos } from '../parts/photos.js';
import { type Shortcut, Shortcuts } from '../parts/shortcuts.js';
import { Reply, Tools } from '../parts/thread-tools.js';
import { When } from '../parts/when.js';
import { UrgencySign } from '../signs.js';
import { channelWord, plain, rankOf, treatment } from '../words.js';

/** The most urgent first; among equals who waits longest. */
const byUrgency = (a: Conversation, b: Conversation) =>
  rankOf(a.urgency) - rankOf(b.urgency) || (a.unansweredSince ?? a.lastMessageAt).localeCompare(b.unansweredSince ?? b.lastMessageAt);

/** How long the patient waits for a person; amber once the clinic's own limit is past. */
function Waits({ thread: { unansweredSince, answerBy, lastMessageAt, channel, snoozedUntil } }: { thread: Conversation }) {
  const { now } = useDesk();
  if (snoozedUntil !== null && snoozedUntil > now)
    return (
      <span className="soft">
        Put off, back <When at={snoozedUntil} relative />
      </span>
    );
  const late = answerBy !== null && answerBy < now;
  return (
    <span className={late ? 'late' : 'soft'}>
      {late ? 'Should have been answered ' : `By ${channelWord(channel)} `}
      <When at={late ? answerBy : (unansweredSince ?? lastMessageAt)} relative />
      {late || unansweredSince === null ? null : ', waits for an answer'}
    </span>
  );
}

function Queue({ current }: { current: string | null }) {
  const { staffName } = useDesk();
  const threads = useAnswer<Page<Conversation>>('conversation', `conversations?${query({ status: 'open', limit: 200 })}`);
  return (
    <nav aria-label="Conversations">
      <Answer of={threads} empty={({ items }) => (items.length === 0 ? 'Everything is answered.' : null)}>
        {({ items }) => (
          <ul className="plain queue">
            {[...items].sort(byUrgency).map((thread) => (
              <li key={thread.id} aria-current={thread.id === current ? 'true' : undefined}>
                <UrgencySign urgency={thread.urgency} />
                <Person id={thread.patientId} />
                <Waits thread={thread} />
                {thread.assignee === null ? null : <span className="soft">{staffName(thread.assignee)} has it</span>}
                <a className="go open" href={`#/inbox/${encodeURIComponent(thread.id)}`}>
                  Open
                </a>
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </nav>
  );
}

/** What the question was that a reply answers. */
function askedOf({ question, day, protocolId }: NonNullable<Message['checkIn']>): string {
  if (question === 'confirm') return 'will you come?';
  return question === 'satisfaction' ? 'how happy are you, 1 to 5?' : `how is it, day ${day ?? '?'} after ${treatment(protocolId ?? '')}`;
}

/** `wordless` says what a message of ours was about whose text the thread does not keep: it was made from an approved template. */
export function Said({ message, wordless, conversationId = null }: { message: Message; wordless: string | null; conversationId?: string | null }) {
  const { staffName } = useDesk();
  const { direction, body, media, at, author, channel, triage, checkIn } = message;
  return (
    <li className="said" data-direction={direction}>
      {checkIn === null ? null : <p className="soft">Answers: {askedOf(checkIn)}</p>}
      {body === null ? <p className="soft">{wordless ?? 'The words were erased.'}</p> : <p>{body}</p>}
      <Photos media={media} />
      {triage === null ? null : <Judgement triage={triage} messageId={message.id} conversationId={conversationId} />}
      <p className="soft">
        {direction === 'in' ? `By ${channelWord(channel)}` : `${author === 'afterglow' ? 'Sent by itself' : staffName(author)}, by ${channelWord(channel)}`} ·{' '}
        <When at={at} />
      </p>
    </li>
  );
}

function Conversing({ id }: { id: string }) {
  const thread = useAnswer<Thread>('conversation', `conversations/${encodeURIComponent(id)}`);
  const patientId = thread.data?.patientId ?? null;
  const outreach = useAnswer<Page<Outreach>>('outreach', `outreach?${query({ patientId: patientId ?? '', limit: 200 })}`, patientId !== null);
  const aboutOf = ({ direction, outreachId }: Message) => {
    const row = direction === 'out' ? outreach.data?.items.find((each) => each.id === outreachId) : undefined;
    return row === undefined ? null : `${plain(row.touchpoint)}, from the approved text`;
  };
  const end = useRef<HTMLDivElement>(null);
  const count = thread.data?.messages.length;
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' });
  }, [count]);
  return (
    <Answer of={thread}>
      {(known) => (
        <section aria-label="Conversation" className="thread">
          <a className="narrow" href="#/inbox">
            All conversations
          </a>
          <header className="row">
            <h2>
              <Person id={patientId} />
            </h2>
            {known.status === 'resolved' ? <span className="soft">Resolved</span> : <UrgencySign urgency={known.urgency} />}
          </header>
          <Tools thread={known} />
          <div className="messages" tabIndex={0} role="region" aria-label="Messages">
            <ol className="plain">
              {known.messages.map((message) => (
                <Said key={message.id} message={message} wordless={aboutOf(message)} conversationId={id} />
              ))}
            </ol>
            <div ref={end} />
          </div>
          <Reply key={id} id={id} version={known.version} />
        </section>
      )}
    </Answer>
  );
}

const press = (key: string) => document.querySelector<HTMLElement>(`[data-key='${key}']`);

/** The next conversation of the queue, or the one before; Enter opens it, being a link. */
function step(by: number): void {
  const links = [...document.querySelectorAll<HTMLElement>('.queue .open')];
  const focused = links.findIndex((link) => link === document.activeElement);
  const current = focused >= 0 ? focused : links.findIndex((link) => link.closest('[aria-current]') !== null);
  links[Math.min(Math.max(current + by, 0), links.length - 1)]?.focus();
}

const shortcuts: readonly Shortcut[] = [
  { key: 'j', does: 'The next conversation', run: () => step(1) },
  { key: 'k', does: 'The one before', run: () => step(-1) },
  { key: 'Enter', does: 'Open it', run: () => document.querySelector<HTMLElement>('.queue .open')?.click() },
  { key: 'a', does: 'Take it', run: () => press('a')?.click() },
  { key: 'r', does: 'Answer', run: () => press('r')?.focus() },
  { key: 's', does: 'Put it off for an hour', run: () => press('s')?.click() },
  { key: 'e', does: 'Resolve', run: () => press('e')?.click() },
];

export function Inbox({ id }: { id: string | null }) {
  return (
    <>
      <div className="row">
        <h1>Inbox</h1>
        <Shortcuts shortcuts={shortcuts} />
      </div>
      <div className="inbox" data-open={id !== null}>
        <Queue current={id} />
        {id === null ? <p className="nothing">Choose a conversation.</p> : <Conversing id={id} />}
      </div>
    </>
  );
}
