import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import type { Message } from '../api.js';

const ours = '/v1/photos/';

/** Photos small in the thread, large on a click, arrows from one to the next. The carrier's own are only linked: the console loads nothing from elsewhere. */
export function Photos({ media }: Pick<Message, 'media'>) {
  const viewer = useRef<HTMLDialogElement>(null);
  const [at, setAt] = useState(0);
  const shown = media.filter(({ url }) => url.startsWith(ours));
  const open = (place: number) => {
    setAt(place);
    viewer.current?.showModal();
  };
  const turn = (by: number) => setAt((place) => (place + by + shown.length) % shown.length);
  return (
    <>
      {shown.map(({ url }, place) => (
        <button key={url} type="button" className="photo" onClick={() => open(place)}>
          <img src={url} alt={`Photo ${place + 1} from the patient`} loading="lazy" />
        </button>
      ))}
      {media
        .filter(({ url }) => !url.startsWith(ours))
        .map(({ url }, place) => (
          <a key={url} className="photo" href={url} target="_blank" rel="noreferrer">
            Photo {place + 1}, at the carrier
          </a>
        ))}
      {shown.length === 0 ? null : (
        <dialog
          ref={viewer}
          className="sheet viewer"
          aria-label="Photo"
          onKeyDown={({ key }) => (key === 'ArrowRight' ? turn(1) : key === 'ArrowLeft' ? turn(-1) : undefined)}
        >
          <img src={shown[at]?.url} alt={`Photo ${at + 1} of ${shown.length} from the patient, large`} />
          <form method="dialog" className="row">
            <span className="soft">
              {at + 1} of {shown.length}
            </span>
            <span className="actions">
              {shown.length < 2 ? null : (
                <Button variant="default" onClick={() => turn(1)}>
                  Next
                </Button>
              )}
              <Button type="submit" variant="default">
                Close
              </Button>
            </span>
          </form>
        </dialog>
      )}
    </>
  );
}
