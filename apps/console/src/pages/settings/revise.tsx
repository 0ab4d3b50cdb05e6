import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { get, Refused, send } from '../../api.js';
import { Answer, Trouble } from '../../parts/answer.js';
import { Dialog } from '../../parts/dialog.js';
import type { ClinicSettings } from '../../settings.js';
import { changesBetween } from './changes.js';

/** What a form of the settings needs: what stands there, how it changes, and what is wrong with a field. */
export interface Draft {
  /** As they were read. */
  readonly before: ClinicSettings;
  readonly settings: ClinicSettings;
  readonly edit: (settings: ClinicSettings) => void;
  /** Why the field of a path (`staff.2.phone`) was refused; undefined while nothing is known against it. */
  readonly fault: (path: string) => string | undefined;
}

interface Loaded {
  readonly version: string;
  readonly document: ClinicSettings;
}

const faultAt = (error: Error | null, path: string): string | undefined => {
  const at = error instanceof Refused && typeof error.more['path'] === 'string' ? error.more['path'] : null;
  return at === path || at?.startsWith(`${path}.`) === true ? error?.message : undefined;
};

function Review({ before, after, busy, save, close }: { before: unknown; after: unknown; busy: boolean; save: () => void; close: () => void }) {
  const changes = changesBetween(before, after);
  return (
    <Dialog title="What changes" close={close}>
      {changes.length === 0 ? <p>Nothing yet.</p> : <p>It holds from the moment it is saved: free times, visits to come and messages follow.</p>}
      <dl className="changes">
        {changes.map(({ where, from, to }) => (
          <div key={where}>
            <dt>{where}</dt>
            <dd>
              {from} → {to}
            </dd>
          </div>
        ))}
      </dl>
      <div className="row head">
        <Button loading={busy} disabled={changes.length === 0} onClick={save}>
          Save
        </Button>
        <Button variant="default" onClick={close}>
          Go on editing
        </Button>
      </div>
    </Dialog>
  );
}

function Editor({ loaded, again, back, form }: { loaded: Loaded; again: () => void; back: string; form: (draft: Draft) => ReactNode }) {
  const client = useQueryClient();
  const [settings, edit] = useState(loaded.document);
  const [reviewing, setReviewing] = useState(false);
  const save = useMutation({
    mutationFn: () => send<{ version: string }>('PUT', 'clinic/document', { version: loaded.version, document: settings }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['clinic'] });
      window.location.hash = back;
    },
    onError: () => setReviewing(false),
  });
  const overtaken = save.error instanceof Refused && save.error.code === 'clinic_changed';
  return (
    <form className="revise" onSubmit={(event) => (event.preventDefault(), setReviewing(true))}>
      {form({ before: loaded.document, settings, edit, fault: (path) => faultAt(save.error, path) })}
      {save.error === null ? null : <Trouble error={save.error} />}
      <div className="row head">
        {overtaken ? <Button onClick={again}>Read the newer settings</Button> : <Button type="submit">Look at what changes</Button>}
        <Button component="a" variant="default" href={back}>
          Leave it
        </Button>
      </div>
      {reviewing ? (
        <Review before={loaded.document} after={settings} busy={save.isPending} save={() => save.mutate()} close={() => setReviewing(false)} />
      ) : null}
    </form>
  );
}

/** A form on the clinic's settings: read once, shown before it is saved, refused when somebody else saved meanwhile. */
export function Revise({ title, back, children }: { title: string; back: string; children: (draft: Draft) => ReactNode }) {
  // Read once and not again behind one's back: the version says what this form was filled in from.
  const loaded = useQuery<Loaded, Error>({
    queryKey: ['settings-document'],
    queryFn: () => get<Loaded>('clinic/document'),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  return (
    <>
      <h1>{title}</h1>
      <Answer of={loaded}>{(found) => <Editor key={found.version} loaded={found} again={() => void loaded.refetch()} back={back} form={children} />}</Answer>
    </>
  );
}
