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
