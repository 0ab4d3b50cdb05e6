import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../api.js';
import { useDesk } from '../../data.js';
import { Trouble } from '../../parts/answer.js';
import { useCommand } from '../../parts/command.js';
import { Dialog } from '../../parts/dialog.js';
import type { ClinicFigures, Proposal, Protocol, ReviewedFigure } from '../../settings.js';
import { treatment } from '../../words.js';
import { figureWords, readValue, valueWords } from './figures.js';

interface Written {
  readonly value: string;
  readonly grounds: string;
}
type Sheet = Readonly<Record<string, Written>>;

const blank: Written = { value: '', grounds: '' };
const pauseMillis = 250;

const sheetOf = ({ set }: Protocol): Sheet =>
  Object.fromEntries(Object.entries(set).map(([field, { value, grounds }]) => [field, { value: valueWords(value), grounds }]));

/** The figures that are whole: a value that can be read, and its grounds. */
const figuresOf = (sheet: Sheet): ClinicFigures =>
  Object.fromEntries(
    Object.entries(sheet).flatMap(([field, { value, grounds }]) => {
      const read = readValue(value);
      return read === null || grounds.trim() === '' ? [] : [[field, { value: read, grounds }]];
    }),
  );

/** What is begun and cannot be taken as it stands. */
const isHalf = ({ value, grounds }: Written) => (value.trim() !== '' || grounds.trim() !== '') && (readValue(value) === null || grounds.trim() === '');

function Field({ figure, written, onChange }: { figure: ReviewedFigure; written: Written; onChange: (written: Written) => void }) {
  const { field, clinicSets, suggestion } = figure;
  const name = figureWords(field);
  return (
    <fieldset className="figure">
      <legend>
        {name}
        {clinicSets === 'must' ? ' (needed)' : ''}
      </legend>
      <TextInput
        label="Value"
        aria-label={`${name}: value`}
        placeholder="30 or 28 to 42"
        value={written.value}
        error={written.value !== '' && readValue(written.value) === null ? 'A number, or two as in 28 to 42.' : undefined}
        onChange={(event) => onChange({ ...written, value: event.currentTarget.value })}
      />
      <TextInput
        label="Grounds"
        aria-label={`${name}: grounds`}
        value={written.grounds}
        maxLength={500}
        error={readValue(written.value) !== null && written.grounds.trim() === '' ? 'Say why.' : undefined}
        onChange={(event) => onChange({ ...written, grounds: event.currentTarget.value })}
      />
      {suggestion === null ? null : (
        <Button variant="subtle" size="compact-sm" onClick={() => onChange({ value: valueWords(suggestion.value), grounds: suggestion.grounds })}>
          Take {valueWords(suggestion.value)}, {suggestion.grounds}
        </Button>
      )}
    </fieldset>
  );
}

function Changes({ proposal: { changes, missing }, first }: { proposal: Proposal; first: boolean }) {
  if (missing.length > 0) return <p className="alarm">Still to be set: {missing.map(figureWords).join('; ')}.</p>;
  if (changes.length === 0) return <p className="soft">Nothing changes against the version in force.</p>;
  return (
    <ul>
      {changes.map(({ field, from, to }) => (
        <li key={field}>
          {figureWords(field)}: {first ? null : <span className="soft">{valueWords(from)} → </span>}
          <strong>{valueWords(to)}</strong>
        </li>
      ))}
    </ul>
  );
}

const useProposal = (id: string, figures: ClinicFigures) => {
  const [settled] = useDebouncedValue(JSON.stringify(figures), pauseMillis);
  const proposal = useQuery<Proposal, Error>({
    queryKey: ['protocol', id, 'preview', settled],
    queryFn: () => ask<Proposal>(`protocols/${encodeURIComponent(id)}/preview`, { figures: JSON.parse(settled) as ClinicFigures }),
    placeholderData: keepPreviousData,
  });
  return { proposal, isSettled: settled === JSON.stringify(figures) && !proposal.isPlaceholderData };
};

function Confirm({ id, proposal, figures, close }: { id: string; proposal: Proposal; figures: ClinicFigures; close: () => void }) {
  const activate = useCommand('protocol');
  const { version } = proposal;
  const go = () => activate.mutate({ path: `protocols/${encodeURIComponent(id)}/activate`, body: { figures, version } }, { onSuccess: close });
  return (
    <>
      <p>From now on new sessions are booked under version {version}. Sessions that are booked keep theirs.</p>
      <Changes proposal={proposal} first={version === 1} />
      {activate.isError ? <Trouble error={activate.error} /> : null}
      <div className="row">
        <Button variant="default" onClick={close}>
          Not yet
        </Button>
        <Button loading={activate.isPending} onClick={go}>
          Put version {version} in force
        </Button>
      </div>
    </>
  );
}

/** What the clinic sets, what that changes, and the medical director's decision. */
export function Activation({ protocol }: { protocol: Protocol }) {
  const { me } = useDesk();
  const [sheet, setSheet] = useState(sheetOf(protocol));
  // What is signed is what was read: it does not change under the reader's hand.
  const [read, setRead] = useState<{ readonly proposal: Proposal; readonly figures: ClinicFigures } | null>(null);
  const close = () => setRead(null);
  const figures = figuresOf(sheet);
  const { proposal, isSettled } = useProposal(protocol.id, figures);
  const fields = protocol.figures.filter(({ clinicSets }) => clinicSets !== null);
  const { version = 1, missing = [], changes = [] } = proposal.data ?? {};
  const isReady = isSettled && proposal.isSuccess && missing.length === 0 && changes.length > 0 && !Object.values(sheet).some(isHalf);
  if (!me.roles.includes('medical_director')) return protocol.inForce === null ? <p className="soft">The medical director puts it in force.</p> : null;
  return (
    <section className="card" aria-label="Version to come">
      <h2>Version {version}</h2>
      {fields.length === 0 ? <p className="soft">The catalogue leaves nothing open.</p> : null}
      <details open={protocol.inForce === null}>
        <summary>What the clinic sets ({fields.length})</summary>
        <div className="figures">
          {fields.map((figure) => (
            <Field
              key={figure.field}
              figure={figure}
              written={sheet[figure.field] ?? blank}
              onChange={(written) => setSheet({ ...sheet, [figure.field]: written })}
            />
          ))}
        </div>
      </details>
      {proposal.isError ? <Trouble error={proposal.error} /> : null}
      {proposal.data === undefined ? null : <Changes proposal={proposal.data} first={protocol.inForce === null} />}
      <Button disabled={!isReady} onClick={() => proposal.data !== undefined && setRead({ proposal: proposal.data, figures })}>
        Put in force…
      </Button>
      {read === null ? null : (
        <Dialog title={`${treatment(protocol.id)}, version ${read.proposal.version}`} close={close}>
          <Confirm id={protocol.id} {...read} close={close} />
        </Dialog>
      )}
    </section>
  );
}
