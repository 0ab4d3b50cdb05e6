import { Button } from '@mantine/core';
import type { Page } from '../../api.js';
import { useAnswer, useDesk } from '../../data.js';
import { Answer, Trouble } from '../../parts/answer.js';
import { useCommand } from '../../parts/command.js';
import { When } from '../../parts/when.js';
import type { SignedInAt } from '../../settings.js';
import { sentence } from '../../words.js';
import { SecondFactor } from './second-factor.js';

function Sessions() {
  const sessions = useAnswer<Page<SignedInAt>>('account', 'me/sessions');
  const [one, others] = [useCommand('account'), useCommand('account')];
  const trouble = one.error ?? others.error;
  return (
    <section className="card" aria-label="Where you are signed in">
      <h2>Where you are signed in</h2>
      {trouble === null ? null : <Trouble error={trouble} />}
      <Answer of={sessions}>
        {({ items }) => (
          <>
            <ul className="plain devices">
              {items.map(({ id, device, startedAt, seenAt, current }) => (
                <li key={id} className="row">
                  <div>
                    <strong>{sentence(device)}</strong> {current ? <span className="soft">this one</span> : null}
                    <p className="soft">
                      Since <When at={startedAt} />
                      {seenAt === null ? null : (
                        <>
                          , last used <When at={seenAt} relative />
                        </>
                      )}
                    </p>
                  </div>
                  {current ? null : (
                    <Button variant="default" loading={one.isPending} onClick={() => one.mutate({ method: 'DELETE', path: `me/sessions/${id}` })}>
                      Sign out
                      <span className="unseen"> {device}</span>
                    </Button>
                  )}
                </li>
              ))}
            </ul>
            {items.length < 2 ? null : (
              <Button variant="default" loading={others.isPending} onClick={() => others.mutate({ path: 'me/sign-out-everywhere' })}>
                Sign out everywhere else
              </Button>
            )}
          </>
        )}
      </Answer>
    </section>
  );
}

/** One's own: where one is signed in, and the code that is asked for beside the password. */
export function Account() {
  const { me } = useDesk();
  return (
    <>
      <h1>My account</h1>
      <p className="soft">{me.name}</p>
      <Sessions />
      <SecondFactor />
    </>
  );
}
