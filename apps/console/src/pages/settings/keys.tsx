import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type Page, post } from '../../api.js';
import { useAnswer, useDesk } from '../../data.js';
import { Answer, Trouble } from '../../parts/answer.js';
import { useCommand } from '../../parts/command.js';
import { Dialog } from '../../parts/dialog.js';
import { Once } from '../../parts/once.js';
import { When } from '../../parts/when.js';
import type { ApiKey } from '../../settings.js';
import { plain } from '../../words.js';

/** What a key may do, as the API offers it. */
const scopes = [
  { value: 'events', label: 'Send events: consultations and facts come in' },
  { value: 'front_desk', label: 'Front desk: read and book as the desk does' },
  { value: 'admin', label: 'Admin: settings, keys and webhooks too' },
];

function Make({ made }: { made: (key: string) => void }) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Error | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    setBusy(true);
    setTrouble(null);
    post<{ key: string }>('api-keys', { name: given.get('name'), roles: given.getAll('roles') })
      .then(({ key }) => (form.reset(), made(key)))
      .catch(setTrouble)
      .finally(() => (setBusy(false), void client.invalidateQueries({ queryKey: ['key'] })));
  };
  return (
    <form className="card" onSubmit={submit}>
      <h2>A new key</h2>
      <TextInput label="Name" name="name" required minLength={2} maxLength={60} description="What uses it: “Booking site”" className="code" />
      <fieldset>
        <legend>What it may do</legend>
        {scopes.map(({ value, label }) => (
          <Checkbox key={value} name="roles" value={value} label={label} defaultChecked={value === 'events'} />
        ))}
      </fieldset>
      {trouble === null ? null : <Trouble error={trouble} />}
      <Button type="submit" loading={busy}>
        Make the key
      </Button>
    </form>
  );
}

function Revoke({ apiKey, close }: { apiKey: ApiKey; close: () => void }) {
  const command = useCommand('key');
  return (
    <Dialog title={`Revoke ${apiKey.name}?`} close={close}>
      <p>Whatever uses it is shut out at once, and it cannot be brought back.</p>
      {command.isError ? <Trouble error={command.error} /> : null}
      <div className="row head">
        <Button
          loading={command.isPending}
          onClick={() => command.mutate({ path: `api-keys/${encodeURIComponent(apiKey.id)}`, method: 'DELETE' }, { onSuccess: close })}
        >
          Revoke it
        </Button>
        <Button variant="default" onClick={close}>
          Keep it
        </Button>
      </div>
    </Dialog>
  );
}

function Standing({ apiKey: { revokedAt, revokedBy, fromEnvironment }, revoke }: { apiKey: ApiKey; revoke: () => void }) {
  const { staffName } = useDesk();
  if (revokedAt !== null)
    return (
      <span className="soft">
        Revoked <When at={revokedAt} />
        {revokedBy === null ? null : ` by ${staffName(revokedBy)}`}
      </span>
    );
  if (fromEnvironment) return <span className="soft">Set by the environment</span>;
  return (
    <Button variant="default" size="compact-sm" onClick={revoke}>
      Revoke…
    </Button>
  );
}

/** The keys by which machines call: made, shown once, revoked. */
export function Keys() {
  const { staffName } = useDesk();
  const keys = useAnswer<Page<ApiKey>>('key', 'api-keys');
  const [made, setMade] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  return (
    <>
      <h1>API keys</h1>
      <p className="soft">For machines: each has its own, so that one can be shut out alone. Only a fingerprint is kept.</p>
      {made === null ? <Make made={setMade} /> : <Once what="The key" secret={made} done={() => setMade(null)} />}
      <Answer of={keys} empty={({ items }) => (items.length === 0 ? 'There are no keys yet.' : null)}>
        {({ items }) => (
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">May</th>
                <th scope="col">Made</th>
                <th scope="col">Last used</th>
                <th scope="col">Standing</th>
              </tr>
            </thead>
            <tbody>
              {items.map((key) => (
                <tr key={key.id}>
                  <td data-label="Name">
                    <strong>{key.name}</strong> {key.hint === null ? null : <span className="soft">…{key.hint}</span>}
                  </td>
                  <td data-label="May">{key.roles.map(plain).join(', ')}</td>
                  <td data-label="Made">
                    <When at={key.createdAt} />
                    {key.createdBy === null ? null : `, ${staffName(key.createdBy)}`}
                  </td>
                  <td data-label="Last used">{key.lastUsedAt === null ? 'Never' : <When at={key.lastUsedAt} relative />}</td>
                  <td data-label="Standing">
                    <Standing apiKey={key} revoke={() => setRevoking(key)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answer>
      {revoking === null ? null : <Revoke apiKey={revoking} close={() => setRevoking(null)} />}
    </>
  );
}
