import { Button } from '@mantine/core';
import { useState } from 'react';

/** A secret that is shown this once: it is kept nowhere, and whoever loses it makes another. */
export function Once({ what, secret, done }: { what: string; secret: string; done: () => void }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className="card once" role="status">
      <h2>{what}: copy it now</h2>
      <p>It is not shown again, and not kept here. Whoever loses it makes another.</p>
      <p>
        <code>{secret}</code>
      </p>
      <div className="row head">
        <Button variant="default" onClick={() => void navigator.clipboard.writeText(secret).then(() => setCopied(true))}>
          {copied ? 'Copied' : 'Copy'}
        </Button>
        <Button onClick={done}>I have it</Button>
      </div>
    </div>
  );
}
