import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Message, Urgency } from '../api.js';
import { useDesk } from '../data.js';
import { UrgencySign } from '../signs.js';
import { plain, rankOf, urgencyWords } from '../words.js';
import { Trouble } from './answer.js';
import { useCommand } from './command.js';

const urgencies: readonly Urgency[] = ['emergency', 'urgent', 'soon', 'ask', 'expected', 'administrative'];
const clinicians: readonly string[] = ['provider', 'medical_director'];

/** Judging anew: anyone may raise; only a clinician may lower, and must say why. */
function Again({ conversationId, messageId, now }: { conversationId: string; messageId: string; now: Urgency }) {
  const { me } = useDesk();
  const command = useCommand('conversation');
  const [urgency, setUrgency] = useState<string>(now);
  const [reason, setReason] = useState('');
  const mayLower = me.roles.some((role) => clinicians.includes(role));
  const choices = urgencies.filter((each) => mayLower || rankOf(each) <= rankOf(now));
  const lowers = choices.some((each) => each === urgency && rankOf(each) > rankOf(now));
  const send = () =>
    command.mutate({
      path: `conversations/${encodeURIComponent(conversationId)}/messages/${encodeURIComponent(messageId)}/triage`,
      body: { urgency, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) },
    });
  return (
    <form className="judging" onSubmit={(event) => (event.preventDefault(), send())}>
      <NativeSelect
        label="Judged wrongly? It is"
        description={mayLower ? undefined : 'You may raise it; only a clinician lowers it.'}
        value={urgency}
        onChange={(event) => setUrgency(event.currentTarget.value)}
        data={choices.map((value) => ({ value, label: urgencyWords[value] }))}
      />
      {lowers ? <TextInput label="Why less" required maxLength={500} value={reason} onChange={(event) => setReason(event.currentTarget.value)} /> : null}
      <Button type="submit" variant="default" size="compact-sm" loading={command.isPending} disabled={urgency === now || (lowers && reason.trim() === '')}>
        {lowers ? 'Lower it' : 'Raise it'}
      </Button>
      {command.isError ? <Trouble error={command.error} /> : null}
    </form>
  );
}

/** How a reply was judged, by which rule, and the way to judge it anew. */
export function Judgement({ triage, messageId, conversationId }: { triage: NonNullable<Message['triage']>; messageId: string; conversationId: string | null }) {
  return (
    <details>
      <summary>
        <UrgencySign urgency={triage.urgency} />
      </summary>
      {triage.codes.length === 0 ? null : <p>Heard: {triage.codes.map(plain).join(', ')}</p>}
      <p className="soft">By rule {triage.rules.join(', ')}</p>
      {conversationId === null ? null : <Again key={triage.urgency} conversationId={conversationId} messageId={messageId} now={triage.urgency} />}
    </details>
  );
}
