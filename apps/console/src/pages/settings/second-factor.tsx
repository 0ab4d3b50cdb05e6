import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { post } from '../../api.js';
import { useAnswer } from '../../data.js';
import { Answer, Trouble } from '../../parts/answer.js';
import { useCommand } from '../../parts/command.js';
import { QrCode } from '../../parts/qr-code.js';
import { Sign } from '../../signs.js';

interface Begun {
  readonly secret: string;
  readonly uri: string;
}

/** Four letters at a time, as one copies them by hand. */
const grouped = (secret: string) => secret.replaceAll(/(.{4})(?=.)/g, '$1 ');

function CodeForm({ path, word }: { path: string; word: string }) {
  const command = useCommand('account');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get('code'));
    command.mutate({ path, body: { code } });
  };
  return (
    <form className="fields code" onSubmit={submit}>
      <TextInput name="code" label="Code of the app" inputMode="numeric" autoComplete="one-time-code" required minLength={6} maxLength={20} />
      {command.isError ? <Trouble error={command.error} /> : null}
      <Button type="submit" loading={command.isPending}>
        {word}
      </Button>
    </form>
  );
}

function Begin() {
  const begin = useMutation<Begun, Error>({ mutationFn: () => post<Begun>('me/second-factor') });
  if (begin.data === undefined)
    return (
      <>
        <p>With it a stolen password opens nothing: at sign-in a code of an app on your phone is asked for too.</p>
        {begin.isError ? <Trouble error={begin.error} /> : null}
        <Button variant="default" loading={begin.isPending} onClick={() => begin.mutate()}>
          Set it up
        </Button>
      </>
    );
  const { secret, uri } = begin.data;
  return (
    <>
      <p>Add an account to your authenticator app: scan this, open the address on the phone, or type the key. Then enter the code that the app shows.</p>
      <QrCode text={uri} label="The account, for the camera of the phone" />
      <dl>
        <dt>Key</dt>
        <dd>
          <code>{grouped(secret)}</code>
        </dd>
        <dt>Address</dt>
        <dd className="verbatim">
          <a href={uri}>{uri}</a>
        </dd>
      </dl>
      <CodeForm path="me/second-factor/confirm" word="Confirm" />
    </>
  );
}

export function SecondFactor() {
  const factor = useAnswer<{ readonly on: boolean }>('account', 'me/second-factor');
  return (
    <section className="card" aria-label="Second factor">
      <h2>Second factor</h2>
      <Answer of={factor}>
        {({ on }) =>
          on ? (
            <>
              <p role="status">
                <Sign look="fine" word="A code is asked for at sign-in" />
              </p>
              <details>
                <summary>Take it away</summary>
                <CodeForm path="me/second-factor/end" word="Take it away" />
              </details>
            </>
          ) : (
            <Begin />
          )
        }
      </Answer>
    </section>
  );
}
