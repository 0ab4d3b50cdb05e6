import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';

export interface Shortcut {
  readonly key: string;
  readonly does: string;
  readonly run: () => void;
}

const isWriting = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
/** Enter on a link or a button is theirs. */
const isPressable = (target: EventTarget | null) => target instanceof HTMLElement && target.closest('a, button, summary') !== null;

/** Keys of a page while nobody writes; a question mark shows them all. */
export function Shortcuts({ shortcuts }: { shortcuts: readonly Shortcut[] }) {
  const help = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (isWriting(event.target) || event.ctrlKey || event.metaKey || event.altKey || help.current?.open === true) return;
      if (event.key === '?') return help.current?.showModal();
      const shortcut = shortcuts.find(({ key }) => key === event.key);
      if (shortcut === undefined || (event.key === 'Enter' && isPressable(event.target))) return;
      event.preventDefault();
      shortcut.run();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [shortcuts]);
  return (
    <>
      <Button variant="subtle" color="gray" size="compact-sm" onClick={() => help.current?.showModal()}>
        Keys ?
      </Button>
      <dialog ref={help} className="sheet" aria-label="Keys">
        <h2>Keys</h2>
        <dl className="facts">
          {[...shortcuts.map(({ key, does }) => [key, does] as const), ['?', 'Show this'], ['Esc', 'Close this']].map(([key, does]) => (
            <div key={key} style={{ display: 'contents' }}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <form method="dialog">
          <Button type="submit" variant="default">
            Close
          </Button>
        </form>
      </dialog>
    </>
  );
}
