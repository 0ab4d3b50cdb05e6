import { useDesk } from '../data.js';
import { dayAndTime, exactly, fromNow } from '../words.js';

/** A moment as people say it; exact on hover. */
export function When({ at, timeZone, relative = false }: { at: string; timeZone?: string | null; relative?: boolean }) {
  const desk = useDesk();
  const zone = timeZone ?? desk.timeZone;
  return (
    <time dateTime={at} title={exactly(at, zone)}>
      {relative ? fromNow(at, desk.now) : dayAndTime(at, zone)}
    </time>
  );
}
