import { Button, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ask, type Page } from '../../api.js';
import { useAnswer, useDesk } from '../../data.js';
import { Answer, Trouble } from '../../parts/answer.js';
import { useCommand } from '../../parts/command.js';
import { When } from '../../parts/when.js';
import { type Language, languageWords, type Part, type Preview, type Template, type TemplateText, type Text } from '../../settings.js';
import { Look } from './look.js';
import { occasion } from './occasion.js';

const partWords: Readonly<Record<Part, string>> = { sms: 'Text message', subject: 'Subject of the e-mail', email: 'E-mail' };
const parts = ['sms', 'subject', 'email'] as const;
const authors = ['front_desk', 'provider', 'medical_director', 'admin'];
/** Long enough for a word to be typed, short enough to look live. */
const pauseMillis = 250;

const textOf = ({ sms, subject, email }: Text): Text => ({ sms, subject, email });
const isSame = (one: Text, other: Text) => parts.every((part) => one[part] === other[part]);

interface Named {
  readonly name: string;
  readonly language: Language;
}

const usePreview = ({ name, language }: Named, text: Text) => {
  const [settled] = useDebouncedValue(text, pauseMillis);
  return useQuery<Preview | undefined, Error>({
    queryKey: ['preview', name, language, settled],
    queryFn: async () => (await ask<Record<Language, Preview>>('templates/preview', { key: name, texts: { [language]: settled } }))[language],
    placeholderData: keepPreviousData,
  });
};

function InForce({ inForce }: Pick<TemplateText, 'inForce'>) {
  const { staffName } = useDesk();
  const { version, approvedBy, approvedAt } = inForce;
  return (
    <section aria-label="In force" className="card">
      <h2>In force: version {version}</h2>
      <p className="soft">
        {approvedAt === null ? 'Came with the product' : `Approved by ${staffName(approvedBy)}, `}
        {approvedAt === null ? null : <When at={approvedAt} />}
      </p>
      <dl>
        {parts.map((part) => (
          <div key={part}>
            <dt>{partWords[part]}</dt>
            <dd className="verbatim">{inForce[part]}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The words that a part may have filled in, as they are written. */
function Words({ name }: { name: string }) {
  const templates = useAnswer<Page<Template>>('template', 'templates');
  const variables = templates.data?.items.find(({ key }) => key === name)?.variables;
  if (variables === undefined) return null;
  return (
    <details>
      <summary>Words that are filled in</summary>
      {(['sms', 'email'] as const).map((part) => (
        <p key={part} className="soft">
          {partWords[part]}: {variables[part].map((word) => `{{${word}}}`).join(' ')}
        </p>
      ))}
    </details>
  );
}

function Fields({ text, onChange, flaws }: { text: Text; onChange: (text: Text) => void; flaws: Preview['flaws'] }) {
  const wrong = (part: Part) => {
    const found = flaws.filter((flaw) => flaw.part === part).map(({ message }) => `It ${message}.`);
    return found.length === 0 ? undefined : found.join(' ');
  };
  const given = (part: Part) => ({
    label: partWords[part],
    value: text[part],
    error: wrong(part),
    onChange: (event: { currentTarget: { value: string } }) => onChange({ ...text, [part]: event.currentTarget.value }),
  });
  return (
    <>
      <Textarea {...given('sms')} autosize minRows={3} maxLength={1_000} />
      <TextInput {...given('subject')} maxLength={200} />
      <Textarea {...given('email')} autosize minRows={6} maxRows={24} maxLength={5_000} />
    </>
  );
}

function Editor({ of: { name, language }, standing }: { of: Named; standing: TemplateText }) {
  const { me, staffName } = useDesk();
  const { inForce, draft } = standing;
  const saved = textOf(draft ?? inForce);
  const [text, setText] = useState(saved);
  const preview = usePreview({ name, language }, text);
  const [save, approve] = [useCommand('template'), useCommand('template')];
  const path = `templates/${name}/${language}`;
  const flaws = preview.data?.flaws ?? [];
  const isChanged = !isSame(text, saved);
  const trouble = save.error ?? approve.error ?? preview.error;
  const mayApprove = me.roles.includes('medical_director');
  const mayWrite = authors.some((role) => me.roles.includes(role));
  return (
    <>
      <section aria-label="Draft" className="card">
        <h2>{draft === null ? 'Draft' : `Draft: version ${draft.version}`}</h2>
        <p className="soft">
          {draft === null ? 'There is none. Change the text to begin one.' : `By ${staffName(draft.draftedBy)}, `}
          {draft === null ? null : <When at={draft.draftedAt} />}
        </p>
        <div className="fields">
          {mayWrite ? <Fields text={text} onChange={setText} flaws={flaws} /> : <p className="verbatim">{parts.map((part) => text[part]).join('\n\n')}</p>}
          <Words name={name} />
          {trouble === null ? null : <Trouble error={trouble} />}
          <div className="row head">
            {mayWrite ? (
              <Button
                variant="default"
                disabled={!isChanged || flaws.length > 0}
                loading={save.isPending}
                onClick={() => save.mutate({ method: 'PUT', path, body: text })}
              >
                Save the draft
              </Button>
            ) : null}
            {draft !== null && mayApprove ? (
              <Button
                disabled={isChanged || flaws.length > 0}
                loading={approve.isPending}
                onClick={() => approve.mutate({ path: `${path}/approve`, body: { version: draft.version } })}
              >
                Approve version {draft.version}
              </Button>
            ) : null}
          </div>
          {draft !== null && !mayApprove ? <p className="soft">The medical director approves it.</p> : null}
        </div>
      </section>
      <Look preview={preview.data} language={language} />
    </>
  );
}

/** One text in one language: what is sent, the draft beside it, and how it would reach a patient. */
export function TemplatePage({ name, language }: Named) {
  const standing = useAnswer<TemplateText>('template', `templates/${encodeURIComponent(name)}/${language}`);
  return (
    <>
      <a href="#/settings/messages">All texts</a>
      <h1>{occasion(name)}</h1>
      <nav className="tongues" aria-label="Language">
        {(['en', 'es'] as const).map((each) => (
          <a key={each} href={`#/settings/messages/${name}/${each}`} aria-current={each === language ? 'page' : undefined}>
            {languageWords[each]}
          </a>
        ))}
      </nav>
      <Answer of={standing}>
        {(found) => (
          <div className="beside" key={`${name}/${language}/${found.draft?.version ?? 'none'}/${found.inForce.version}`}>
            <InForce inForce={found.inForce} />
            <Editor of={{ name, language }} standing={found} />
          </div>
        )}
      </Answer>
    </>
  );
}
