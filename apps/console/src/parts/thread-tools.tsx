import { Button, NativeSelect, Textarea } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { type Page, Refused, type Suggestion, type Thread } from '../api.js';
import { useAnswer, useDesk } from '../data.js';
import { dayOf, instantAt, shiftDay } from '../words.js';
import { Trouble } from './answer.js';
import { useCommand } from './command.js';

const command = (id: string, verb: string) => `conversations/${encodeURIComponent(id)}/${verb}`;

/** Someone was faster: the newer state is on the page already, and nothing that was written is lost. */
function Clash({ error }: { error: Error }) {
  if (!(error instanceof Refused) || error.status !== 409) return <Trouble error={error} />;
  return (
    <div className="trouble" role="alert">
      <strong>Somebody was faster</strong>
      <p>{error.message}. It stands above as it is now; what you wrote is kept here. Read it, then decide again.</p>
    </div>
  );
}

/** What is done with a thread as a whole: taken, put off, resolved; always meant for the state that was seen. */
export function Tools({ thread: { id, version, assignee, snoozedUntil, status } }: { thread: Thread }) {
  const { me, now, timeZone, staffName } = useDesk();
  const change = useCommand('conversation');
  const ask = (verb: string, body: object = {}) => change.mutate({ path: command(id, verb), body: { version, ...body } });
  const inAnHour = new Date(Date.parse(now) + 3_600_000).toISOString();
  const tomorrow = instantAt(shiftDay(dayOf(now, timeZone), 1), 9 * 60, timeZone);
  const mine = assignee === me.staffId || assignee === me.name;
  return (
    <>
      <div className="actions">
        {assignee === null ? (
          <Button data-key="a" variant="default" size="compact-sm" onClick={() => ask('assign')}>
            Take it
          </Button>
        ) : (
          <Button variant="default" size="compact-sm" onClick={() => ask('assign', { assignee: null })}>
            {mine ? 'Give it back' : `Take it off ${staffName(assignee)}`}
          </Button>
        )}
        {snoozedUntil === null ? (
          <>
            <Button data-key="s" variant="default" size="compact-sm" onClick={() => ask('snooze', { until: inAnHour })}>
              Put off an hour
            </Button>
            <Button variant="default" size="compact-sm" onClick={() => ask('snooze', { until: tomorrow })}>
              Put off till 9 tomorrow
            </Button>
          </>
        ) : (
          <Button variant="default" size="compact-sm" onClick={() => ask('snooze', { until: null })}>
            Take it up again
          </Button>
        )}
        {status === 'resolved' ? null : (
          <Button data-key="e" variant="default" size="compact-sm" onClick={() => ask('resolve')}>
            Resolve
          </Button>
        )}
      </div>
      {change.isError ? <Clash error={change.error} /> : null}
    </>
  );
}

/** An answer in one's own words, or in the clinic's approved ones. */
export function Reply({ id, version }: { id: string; version: number }) {
  const [body, setBody] = useState('');
  const write = useCommand('conversation');
  const suggestions = useAnswer<Page<Suggestion>>('template', command(id, 'suggestions'));
  const send = () => body.trim() !== '' && write.mutate({ path: command(id, 'messages'), body: { body, version } }, { onSuccess: () => setBody('') });
  const keys = (event: KeyboardEvent) => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && send();
  return (
    <div className="reply">
      <NativeSelect
        label="Approved answers"
        value=""
        onChange={(event) => setBody(event.currentTarget.value)}
        data={[{ value: '', label: 'Choose one, or write your own' }, ...(suggestions.data?.items ?? []).map(({ text }) => ({ value: text, label: text }))]}
      />
      <Textarea
        label="Answer"
        data-key="r"
        description="Ctrl+Enter sends. What you wrote stays here until it is sent."
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
        onKeyDown={keys}
        autosize
        minRows={2}
        maxLength={1_000}
      />
      {write.isError ? <Clash error={write.error} /> : null}
      <div className="row">
        <Button onClick={send} loading={write.isPending} disabled={body.trim() === ''}>
          Send
        </Button>
      </div>
    </div>
  );
}
