import { usePatientName } from '../data.js';

/** A patient's name that leads to their page. */
export function Person({ id }: { id: string | null }) {
  const name = usePatientName(id);
  return id === null ? <span>{name}</span> : <a href={`#/patients/${encodeURIComponent(id)}`}>{name}</a>;
}
