import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { type Me, post } from '../api.js';
import { Trouble } from '../parts/answer.js';

export function SignIn() {
  const client = useQueryClient();
  const signIn = useMutation<Me, Error, { email: string; password: string }>({
    mutationFn: (credentials) => post<Me>('sign-in', credentials),
    onSuccess: (me) => client.setQueryData(['me'], me),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    signIn.mutate({ email: String(given.get('email')), password: String(given.get('password')) });
  };
  return (
    <main className="sign-in">
      <img src="./glow.svg" alt="" width="48" height="48" />
      <h1>Afterglow</h1>
      <form onSubmit={submit}>
        <TextInput name="email" type="email" label="E-mail" autoComplete="username" required size="md" autoFocus />
        <PasswordInput name="password" label="Password" autoComplete="current-password" required size="md" />
        {signIn.isError ? <Trouble error={signIn.error} /> : null}
        <Button type="submit" size="md" loading={signIn.isPending} fullWidth>
          Sign in
        </Button>
      </form>
    </main>
  );
}
