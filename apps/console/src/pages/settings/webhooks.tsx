import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { get, type Page, post } from '../../api.js';
import { useDesk } from '../../data.js';
import { Answer, Trouble } from '../../parts/answer.js';
import { useCommand } from '../../parts/command.js';
import { Dialog } from '../../parts/dialog.js';
import { Once } from '../../parts/once.js';
import { When } from '../../parts/when.js';
import type { Delivery, Webhook } from '../../settings.js';
import { Sign } from '../../signs.js';
import { fromNow } from '../../words.js';

/** Families of events, as the desk calls what they tell. */
const families = [
  { value: 'session.*', label: 'Visits: booked, moved, confirmed, done' },
  { value: 'course.*', label: 'Courses' },
  { value: 'consultation.*', label: 'Consultations' },
  { value: 'patient.*', label: 'Patients and their facts' },
  { value: 'outreach.*', label: 'Messages to patients' },
  { value: 'message.*', label: 'Messages from patients' },
  { value: 'reply.*', label: 'How a reply was read' },
  { value: 'conversation.*', label: 'Conversations' },
  { value: 'task.*', label: 'Tasks' },
];
const familyWords = (type: string) => families.find(({ value }) => value === type)?.label.split(':')[0] ?? type;

function Add({ added }: { added: (secret: string) => void }) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Error | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    setBusy(true);
    setTrouble(null);
    post<{ secret: string }>('webhooks', { url: given.get('url'), types: given.getAll('types') })
      .then(({ secret }) => (form.reset(), added(secret)))
      .catch(setTrouble)
      .finally(() => (setBusy(false), void client.invalidateQueries({ queryKey: ['webhook'] })));
  };
  return (
    <form className="card" onSubmit={submit}>
      <h2>A new receiver</h2>
      <TextInput label="Address" name="url" type="url" required maxLength={500} placeholder="https://" />
      <fieldset>
        <legend>Is told of</legend>
        {families.map(({ value, label }) => (
          <Checkbox key={value} name="types" value={value} label={label} />
        ))}
      </fieldset>
      {trouble === null ? null : <Trouble error={trouble} />}
      <Button type="submit" loading={busy}>
        Add the receiver
      </Button>
    </form>
  );
}

/** What goes out to receivers is no change that the stream tells of: it is asked for again and again. */
const useFresh = <T,>(path: string) => useQuery<Page<T>, Error>({ queryKey: ['webhook', path], queryFn: () => get<Page<T>>(path), refetchInterval: 5_000 });

const looks = { waiting: 'soon', delivered: 'fine', failed: 'urgent' } as const;
const words = { waiting: 'Waiting', delivered: 'Got through', failed: 'Did not get through' } as const;

function Deliveries({ webhook }: { webhook: Webhook }) {
  const { now } = useDesk();
  const path = `webhooks/${encodeURIComponent(webhook.id)}/deliveries`;
  const deliveries = useFresh<Delivery>(path);
  const command = useCommand('webhook');
  return (
    <Answer of={deliveries} empty={({ items }) => (items.length === 0 ? 'It was told nothing yet.' : null)}>
      {({ items }) => (
        <>
          {command.isError ? <Trouble error={command.error} /> : null}
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">What</th>
                <th scope="col">Outcome</th>
                <th scope="col">Attempts</th>
                <th scope="col">Again</th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ id, type, status, attempts, why, createdAt, nextAttemptAt }) => (
                <tr key={id}>
                  <td data-label="When">
                    <When at={createdAt} />
                  </td>
                  <td data-label="What">{type}</td>
                  <td data-label="Outcome">
                    <Sign look={looks[status]} word={words[status]} />{' '}
                    <span className="soft">
                      {why ?? ''}
                      {nextAttemptAt === null || attempts === 0 ? '' : `, again ${fromNow(nextAttemptAt, now)}`}
                    </span>
                  </td>
                  <td data-label="Attempts">{attempts}</td>
                  <td data-label="Again">
                    <Button
                      variant="default"
                      size="compact-sm"
                      loading={command.isPending && command.variables.path.includes(id)}
                      onClick={() => command.mutate({ path: `${path}/${encodeURIComponent(id)}/redeliver` })}
                    >
                      Send again
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </Answer>
  );
}

function Remove({ webhook, close }: { webhook: Webhook; close: () => void }) {
  const command = useCommand('webhook');
  return (
    <Dialog title="Take this receiver away?" close={close}>
      <p>{webhook.url} is told nothing more, and what still waits for it is dropped.</p>
      {command.isError ? <Trouble error={command.error} /> : null}
      <div className="row head">
        <Button
          loading={command.isPending}
          onClick={() => command.mutate({ path: `webhooks/${encodeURIComponent(webhook.id)}`, method: 'DELETE' }, { onSuccess: close })}
        >
          Take it away
        </Button>
        <Button variant="default" onClick={close}>
          Keep it
        </Button>
      </div>
    </Dialog>
  );
}

function Receiver({ webhook, remove }: { webhook: Webhook; remove: () => void }) {
  const { staffName } = useDesk();
  const command = useCommand('webhook');
  const [open, setOpen] = useState(false);
  const { id, url, types, createdAt, createdBy, failures, disabledAt, disabledWhy } = webhook;
  return (
    <section className="card" aria-label={url}>
      <div className="row">
        <h2 className="verbatim">{url}</h2>
        {disabledAt !== null ? (
          <Sign look="urgent" word="Given up" />
        ) : failures > 0 ? (
          <Sign look="soon" word={`${failures} failed in a row`} />
        ) : (
          <Sign look="fine" word="In use" />
        )}
      </div>
      <p>{types.map(familyWords).join(', ')}</p>
      <p className="soft">
        Added <When at={createdAt} /> by {staffName(createdBy)}
      </p>
      {disabledAt === null ? null : (
        <p role="status">
          Nothing is sent since <When at={disabledAt} />: {disabledWhy}.
        </p>
      )}
      {command.isError ? <Trouble error={command.error} /> : null}
      <div className="row head">
        <Button variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide what it was told' : 'What it was told'}
        </Button>
        {disabledAt === null ? null : (
          <Button loading={command.isPending} onClick={() => command.mutate({ path: `webhooks/${encodeURIComponent(id)}/enable` })}>
            Try it again
          </Button>
        )}
        <Button variant="subtle" color="gray" onClick={remove}>
          Take it away…
        </Button>
      </div>
      {open ? <Deliveries webhook={webhook} /> : null}
    </section>
  );
}

/** Who outside is told of what happens, as it happens. */
export function Webhooks() {
  const webhooks = useFresh<Webhook>('webhooks');
  const [secret, setSecret] = useState<string | null>(null);
  const [removing, setRemoving] = useState<Webhook | null>(null);
  return (
    <>
      <h1>Webhooks</h1>
      <p className="soft">Each receiver is told the ids of what happened, signed with its own secret; it asks for the rest with a key.</p>
      {secret === null ? <Add added={setSecret} /> : <Once what="The secret that signs" secret={secret} done={() => setSecret(null)} />}
      <Answer of={webhooks} empty={({ items }) => (items.length === 0 ? 'Nobody outside is told anything.' : null)}>
        {({ items }) => items.map((webhook) => <Receiver key={webhook.id} webhook={webhook} remove={() => setRemoving(webhook)} />)}
      </Answer>
      {removing === null ? null : <Remove webhook={removing} close={() => setRemoving(null)} />}
    </>
  );
}
