import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { Page } from '../../api.js';
import { useAnswer, useDesk } from '../../data.js';
import { Answer } from '../../parts/answer.js';
import { When } from '../../parts/when.js';
import { type Language, languageWords, type Template } from '../../settings.js';
import { Sign } from '../../signs.js';
import { occasion } from './occasion.js';

const tongues = ['en', 'es'] as const;
const waits = ({ languages }: Template) => tongues.some((language) => languages[language].draft !== null);

/** What is sent in a language: which version, how long as a text message, and what waits. */
function Standing({ template, language }: { template: Template; language: Language }) {
  const { staffName } = useDesk();
  const { version, sms, draft } = template.languages[language];
  return (
    <>
      <a href={`#/settings/messages/${template.key}/${language}`}>
        Version {version}
        <span className="unseen">
          {' '}
          of {occasion(template.key)}, {languageWords[language]}
        </span>
      </a>
      <span className="soft">{sms.segments === 1 ? ', 1 text message' : `, ${sms.segments} text messages`}</span>
      {draft === null ? null : (
        <div>
          <Sign look="soon" word="Draft waits" />{' '}
          <span className="soft">
            {staffName(draft.draftedBy)}, <When at={draft.draftedAt} relative />
          </span>
        </div>
      )}
    </>
  );
}

export function Templates() {
  const [which, setWhich] = useState('all');
  const templates = useAnswer<Page<Template>>('template', 'templates');
  const shown = (items: readonly Template[]) => (which === 'all' ? items : items.filter(waits));
  return (
    <>
      <h1>Message texts</h1>
      <p className="soft">Nothing is sent but what the medical director approved. A draft changes nothing until then.</p>
      <div className="filters">
        <SegmentedControl
          aria-label="Which texts"
          value={which}
          onChange={setWhich}
          data={[
            { value: 'all', label: 'All' },
            { value: 'waiting', label: 'Waiting for approval' },
          ]}
        />
      </div>
      <Answer of={templates} empty={({ items }) => (shown(items).length === 0 ? 'No draft waits for approval.' : null)}>
        {({ items }) => (
          <table>
            <thead>
              <tr>
                <th scope="col">Occasion</th>
                {tongues.map((language) => (
                  <th key={language} scope="col">
                    {languageWords[language]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown(items).map((template) => (
                <tr key={template.key}>
                  <td data-label="Occasion">
                    <strong>{occasion(template.key)}</strong>
                  </td>
                  {tongues.map((language) => (
                    <td key={language} data-label={languageWords[language]}>
                      <Standing template={template} language={language} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answer>
    </>
  );
}
