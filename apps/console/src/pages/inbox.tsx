import { Button, Textarea } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { type Conversation, type Message, type Outreach, type Page, query, type Thread } from '../api.js';
import { useAnswer, useDesk } from '../data.js';
import { Answer, Trouble } from '../parts/answer.js';
import { useCommand } from '../parts/command.js';
import { Person } from '../parts/person.js';
import { When } from '../parts/when.js';
import { UrgencySign } from '../signs.js';
import { channelWord, plain, rankOf, treatment } from '../words.js';

/** The most urgent first; among equals who waits longest. */
const byUrgency = (a: Conversation, b: Conversation) => rankOf(a.urgency) - rankOf(b.urgency) || a.lastMessageAt.localeCompare(b.lastMessageAt);

function Queue({ current }: { current: string | null }) {
  const threads = useAnswer<Page<Conversation>>('conversation', `conversations?${query({ status: 'open', limit: 200 })}`);
  return (
    <nav aria-label="Conversations">
      <Answer of={threads} empty={({ items }) => (items.length === 0 ? 'Everything is answered.' : null)}>
        {({ items }) => (
          <ul className="plain queue">
            {[...items].sort(byUrgency).map(({ id, patientId, urgency, lastMessageAt, channel }) => (
              <li key={id} aria-current={id === current ? 'true' : undefined}>
                <UrgencySign urgency={urgency} />
                <Person id={patientId} />
                <span className="soft">
                  {channelWord(channel)}, <When at={lastMessageAt} relative />
                </span>
                <a className="go open" href={`#/inbox/${encodeURIComponent(id)}`}>
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

function Judgement({ triage }: { triage: NonNullable<Message['triage']> }) {
  return (
    <details>
      <summary>
        <UrgencySign urgency={triage.urgency} />
      </summary>
      {triage.codes.length === 0 ? null : <p>Heard: {triage.codes.map(plain).join(', ')}</p>}
      <p className="soft">By rule {triage.rules.join(', ')}</p>
    </details>
  );
}

/** What the question was that a reply answers. */
function askedOf({ question, day, protocolId }: NonNullable<Message['checkIn']>): string {
  if (question === 'confirm') return 'will you come?';
  return question === 'satisfaction' ? 'how happy are you, 1 to 5?' : `how is it, day ${day ?? '?'} after ${treatment(protocolId ?? '')}`;
}

/** Each photo in a tab of its own by a click; the carrier's own are only linked, the console loads nothing from elsewhere. */
export function Photos({ media }: Pick<Message, 'media'>) {
  return media.map(({ url }, place) => (
    <a key={url} className="photo" href={url} target="_blank" rel="noreferrer">
      {url.startsWith('/v1/photos/') ? <img src={url} alt={`Photo ${place + 1} from the patient`} loading="lazy" /> : `Photo ${place + 1}, at the carrier`}
    </a>
  ));
}

/** `wordless` says what a message of ours was about whose text the thread does not keep: it was made from an approved template. */
export function Said({ message, wordless }: { message: Message; wordless: string | null }) {
  const { staffName } = useDesk();
  const { direction, body, media, at, author, channel, triage, checkIn } = message;
  return (
    <li className="said" data-direction={direction}>
      {checkIn === null ? null : <p className="soft">Answers: {askedOf(checkIn)}</p>}
      {body === null ? <p className="soft">{wordless ?? 'The words were erased.'}</p> : <p>{body}</p>}
      <Photos media={media} />
      {triage === null ? null : <Judgement triage={triage} />}
      <p className="soft">
        {direction === 'in' ? `By ${channelWord(channel)}` : `${author === 'afterglow' ? 'Sent by itself' : staffName(author)}, by ${channelWord(channel)}`} ·{' '}
        <When at={at} />
      </p>
    </li>
  );
}

function Reply({ id }: { id: string }) {
  const [body, setBody] = useState('');
  const write = useCommand('conversation');
  const resolve = useCommand('conversation');
  const send = () =>
    body.trim() !== '' && write.mutate({ path: `conversations/${encodeURIComponent(id)}/messages`, body: { body } }, { onSuccess: () => setBody('') });
  const keys = (event: KeyboardEvent) => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && send();
  const trouble = write.error ?? resolve.error;
  return (
    <div className="reply">
      <Textarea
        label="Answer"
        description="Ctrl+Enter sends. What you wrote stays here until it is sent."
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
        onKeyDown={keys}
        autosize
        minRows={2}
        maxLength={1_000}
      />
      {trouble === null ? null : <Trouble error={trouble} />}
      <div className="row">
        <Button onClick={send} loading={write.isPending} disabled={body.trim() === ''}>
          Send
        </Button>
        <Button variant="default" loading={resolve.isPending} onClick={() => resolve.mutate({ path: `conversations/${encodeURIComponent(id)}/resolve` })}>
          Resolve
        </Button>
      </div>
    </div>
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
      {({ messages, urgency, status }) => (
        <section aria-label="Conversation" className="thread">
          <a className="narrow" href="#/inbox">
            All conversations
          </a>
          <header className="row">
            <h2>
              <Person id={patientId} />
            </h2>
            {status === 'resolved' ? <span className="soft">Resolved</span> : <UrgencySign urgency={urgency} />}
          </header>
          <div className="messages" tabIndex={0} role="region" aria-label="Messages">
            <ol className="plain">
              {messages.map((message) => (
                <Said key={message.id} message={message} wordless={aboutOf(message)} />
              ))}
            </ol>
            <div ref={end} />
          </div>
          <Reply key={id} id={id} />
        </section>
      )}
    </Answer>
  );
}

export function Inbox({ id }: { id: string | null }) {
  return (
    <>
      <h1>Inbox</h1>
      <div className="inbox" data-open={id !== null}>
        <Queue current={id} />
        {id === null ? <p className="nothing">Choose a conversation.</p> : <Conversing id={id} />}
      </div>
    </>
  );
}
