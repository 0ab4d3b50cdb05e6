import type { ReactNode } from 'react';
import type { SessionStatus, Urgency } from './api.js';
import { type Level, levelOf, statusWords, urgencyWords } from './words.js';

type Look = Level | 'here' | 'quiet';

/** A shape for each level: a bell, a ring with a stroke, a half disc, a tick, a disc. Told apart without colour. */
const shapes: Readonly<Record<Look, ReactNode>> = {
  emergency: <path d="M8 1.5a4.2 4.2 0 0 0-4.2 4.2v2.8L2.4 11h11.2l-1.4-2.5V5.7A4.2 4.2 0 0 0 8 1.5ZM6.4 12.3a1.6 1.6 0 0 0 3.2 0Z" fill="currentColor" />,
  urgent: (
    <g fill="none" stroke="currentColor" strokeWidth="2">
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.5v4M8 10.3v1.4" />
    </g>
  ),
  soon: (
    <g>
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="2" />
      <path d="M8 2a6 6 0 0 0 0 12Z" fill="currentColor" />
    </g>
  ),
  fine: <path d="m3 8.5 3.4 3.4L13 5" fill="none" stroke="currentColor" strokeWidth="2" />,
  here: <circle cx="8" cy="8" r="5.5" fill="currentColor" />,
  quiet: <circle cx="8" cy="8" r="3" fill="none" stroke="currentColor" strokeWidth="1.5" />,
};

export function Sign({ look, word }: { look: Look; word: string }) {
  return (
    <span className="sign" data-look={look}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        {shapes[look]}
      </svg>
      {word}
    </span>
  );
}

export function UrgencySign({ urgency }: { urgency: Urgency | null }) {
  return urgency === null ? <Sign look="quiet" word="No reply open" /> : <Sign look={levelOf[urgency]} word={urgencyWords[urgency]} />;
}

export function StatusSign({ status }: { status: SessionStatus }) {
  const { word, level } = statusWords[status];
  return <Sign look={level} word={word} />;
}

const outreachLooks: Readonly<Record<string, readonly [Look, string]>> = {
  planned: ['quiet', 'Planned'],
  attempting: ['here', 'Being sent'],
  sent: ['fine', 'Sent'],
  delivered: ['fine', 'Delivered'],
  in_doubt: ['soon', 'In doubt'],
  unproven: ['soon', 'Unproven'],
  failed: ['urgent', 'Failed'],
  missed: ['urgent', 'Missed'],
  cancelled: ['quiet', 'Cancelled'],
};

export function OutreachSign({ status, held = false }: { status: string; held?: boolean }) {
  const [look, word] = held ? (['soon', 'Held'] as const) : (outreachLooks[status] ?? (['quiet', status] as const));
  return <Sign look={look} word={word} />;
}
