import { plain } from '../../words.js';

/** `stop.confirmed.urgent` as the occasion it is for: "Stop, confirmed, urgent". */
export const occasion = (key: string): string => plain(key.replaceAll('.', ', '));
