import type { Language, Preview, Segments } from '../../settings.js';

const most = 2;
const lengthOf = ({ segments, encoding }: Segments) => `${segments} of at most ${most} segments, ${encoding}`;

function Phone({ sms, language }: { sms: NonNullable<Preview['sms']>; language: Language }) {
  return (
    <div>
      <p className="bubble" lang={language}>
        {sms.body}
      </p>
      <p className="soft" role="status">
        {lengthOf(sms)}
      </p>
    </div>
  );
}

/** It stands in a frame that runs nothing. */
function Mail({ email, language }: { email: NonNullable<Preview['email']>; language: Language }) {
  return (
    <div>
      <p>
        <strong lang={language}>{email.subject}</strong>
      </p>
      <iframe title="The e-mail" sandbox="" srcDoc={email.html} />
    </div>
  );
}

/** How a text reaches a patient, with sample values. */
export function Look({ preview, language }: { preview: Preview | undefined; language: Language }) {
  const { sms = null, email = null } = preview ?? {};
  return (
    <section aria-label="Preview" className="card look">
      <h2>As the patient sees it</h2>
      {preview !== undefined && sms === null ? <p className="alarm">It cannot be filled in: see what is wrong beside the text.</p> : null}
      {sms === null ? null : <Phone sms={sms} language={language} />}
      {email === null ? null : <Mail email={email} language={language} />}
    </section>
  );
}
