import { useState } from 'react';
import type { Draft } from '../consultation.js';

const read = (key: string): Draft => {
  try {
    return (JSON.parse(sessionStorage.getItem(key) ?? '{}') ?? {}) as Draft;
  } catch {
    return {};
  }
};

/**
 * What was typed and not recorded yet. It outlives a reload and not the tab: it is about a patient's body, and the computer may
 * be shared.
 */
export function useDraft(consultationId: string, step: string) {
  const key = `draft/${consultationId}/${step}`;
  const [draft, setDraft] = useState(() => read(key));
  const change = (changed: Draft) => {
    const next = { ...draft, ...changed };
    sessionStorage.setItem(key, JSON.stringify(next));
    setDraft(next);
  };
  const clear = () => {
    sessionStorage.removeItem(key);
    setDraft({});
  };
  return { draft, change, clear };
}
