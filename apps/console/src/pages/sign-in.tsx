import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { type Me, post, Refused } from '../api.js';
import { Trouble } from '../parts/answer.js';

interface Credentials {
  readonly email: string;
  readonly password: string;
  readonly code?: string;
}

/** The password was right; what is still wanted is no error yet. */
const wantsCode = (error: Error | null) => error instanceof Refused && error.code === 'second_factor_needed';

export function SignIn() {
  const client = useQueryClient();
  const signIn = useMutation<Me, Error, Credentials>({
    mutationFn: (credentials) => post<Me>('sign-in', credentials),
    onSuccess: (me) => client.setQueryData(['me'], me),
  });
  const { error, variables } = signIn;
  // Once it was asked for it stays: a wrong code is answered like a wrong password.
  const isTwoStep = wantsCode(error) || variables?.code !== undefined;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const code = given.get('code');
    signIn.mutate({ email: String(given.get('email')), password: String(given.get('password')), ...(typeof code === 'string' ? { code } : {}) });
  };
  return (
    <main className="sign-in">
      <img src="./glow.svg" alt="" width="48" height="48" />
      <h1>Afterglow</h1>
      <form onSubmit={submit}>
        <TextInput name="email" type="email" label="E-mail" autoComplete="username" required size="md" autoFocus />
        <PasswordInput name="password" label="Password" autoComplete="current-password" required size="md" />
        {isTwoStep ? (
          <TextInput
            name="code"
            label="Code"
            description="Six digits of your authenticator app."
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            size="md"
            autoFocus
          />
        ) : null}
        {error === null || wantsCode(error) ? null : <Trouble error={error} />}
        <Button type="submit" size="md" loading={signIn.isPending} fullWidth>
          Sign in
        </Button>
      </form>
    </main>
  );
}
