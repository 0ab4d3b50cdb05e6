import { useSyncExternalStore } from 'react';

const follow = (changed: () => void) => {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
};

const useHash = () => useSyncExternalStore(follow, () => window.location.hash);

/** Where we are: `#/patients/ana` is `['patients', 'ana']`. What stands after the hash never reaches a server's log. */
export function useRoute(): readonly string[] {
  return useHash()
    .replace(/^#\/?|\?.*$/g, '')
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
}

/** What was asked for behind a question mark in the hash; empty when nothing was. */
export const useAsked = (name: string): string => new URLSearchParams(useHash().split('?')[1] ?? '').get(name) ?? '';

/** Changes what is asked for behind the question mark, without a step in the browser's history; empty takes it away. */
export function askFor(changes: Readonly<Record<string, string>>): void {
  const [place = '', asked = ''] = (window.location.hash || '#/today').split('?');
  const all = new URLSearchParams(asked);
  for (const [name, value] of Object.entries(changes))
    if (value === '') all.delete(name);
    else all.set(name, value);
  const text = all.toString();
  window.location.replace(text === '' ? place : `${place}?${text}`);
}
