import './settings.css';
import type { ReactNode } from 'react';
import { useDesk } from '../../data.js';
import { useRoute } from '../../parts/route.js';
import type { Language } from '../../settings.js';
import { Absences } from './absences.js';
import { AccessLog } from './access-log.js';
import { Account } from './account.js';
import { EditPerson } from './edit-person.js';
import { EditLadder, EditPlace } from './edit-place.js';
import { Keys } from './keys.js';
import { Places } from './places.js';
import { ProtocolPage } from './protocol.js';
import { Protocols } from './protocols.js';
import { Staff } from './staff.js';
import { TemplatePage } from './template.js';
import { Templates } from './templates.js';
import { Webhooks } from './webhooks.js';

interface Section {
  readonly to: string;
  readonly word: string;
  /** Who may use it; everybody, unless said. */
  readonly roles?: readonly string[];
  readonly page: (rest: readonly string[], mayEdit: boolean) => ReactNode;
}

const isLanguage = (text: string | undefined): text is Language => text === 'en' || text === 'es';

/** Who runs the house. */
const managers = ['admin', 'medical_director'];

const sections: readonly Section[] = [
  {
    to: 'messages',
    word: 'Message texts',
    page: ([key, language]) => (key !== undefined && isLanguage(language) ? <TemplatePage name={key} language={language} /> : <Templates />),
  },
  { to: 'protocols', word: 'Protocols', page: ([id]) => (id === undefined ? <Protocols /> : <ProtocolPage id={id} />) },
  {
    to: 'staff',
    word: 'Staff',
    page: ([id], mayEdit) => (id === undefined || !mayEdit ? <Staff mayEdit={mayEdit} /> : <EditPerson id={id === 'new' ? null : id} />),
  },
  {
    to: 'places',
    word: 'Places and hours',
    page: ([id], mayEdit) => (id === undefined || !mayEdit ? <Places mayEdit={mayEdit} /> : id === 'ladder' ? <EditLadder /> : <EditPlace id={id} />),
  },
  { to: 'absences', word: 'Absences', roles: ['front_desk', ...managers], page: () => <Absences /> },
  { to: 'keys', word: 'API keys', roles: managers, page: () => <Keys /> },
  { to: 'webhooks', word: 'Webhooks', roles: managers, page: () => <Webhooks /> },
  { to: 'account', word: 'My account', page: () => <Account /> },
  { to: 'access-log', word: 'Access log', roles: ['auditor', 'admin'], page: () => <AccessLog /> },
];

/** What the clinic has set. A section that one may not use is not offered, and not shown to whoever knows its address. */
export function Settings() {
  const { me } = useDesk();
  const offered = sections.filter(({ roles }) => roles === undefined || roles.some((role) => me.roles.includes(role)));
  const [, place = offered[0]?.to, ...rest] = useRoute();
  const section = offered.find(({ to }) => to === place);
  return (
    <div className="settings">
      <nav aria-label="Settings">
        {offered.map(({ to, word }) => (
          <a key={to} href={`#/settings/${to}`} aria-current={to === place ? 'page' : undefined}>
            {word}
          </a>
        ))}
      </nav>
      <div>
        {section === undefined ? (
          <Unknown />
        ) : (
          section.page(
            rest,
            me.roles.some((role) => managers.includes(role)),
          )
        )}
      </div>
    </div>
  );
}

function Unknown() {
  return (
    <>
      <h1>Settings</h1>
      <p className="nothing">There is no such page here, or it is not for your role.</p>
    </>
  );
}
