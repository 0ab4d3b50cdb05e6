import type { ContactWord, Person, Said } from '../invariants/index.js';
import type { SimulatedPatient } from './patient.js';

type Channel = ContactWord['channel'];

/** What a patient has told the clinic, by the instant: kept beside the product, never read from it. */
export class PersonRecord {
  readonly #words: ContactWord[] = [];
  readonly #zones: { from: string; timeZone: string }[] = [];
  readonly #texts: Said[] = [];
  readonly #elsewhere: { protocolId: string; on: string; toldAt: string }[] = [];
  #pregnantSince: string | null = null;
  #erasedAt: string | null = null;
  #phone: string;

  constructor(readonly patient: SimulatedPatient) {
    this.#phone = patient.phone;
    this.#zones.push({ from: '', timeZone: patient.timeZone });
  }

  get phone(): string {
    return this.#phone;
  }

  get isErased(): boolean {
    return this.#erasedAt !== null;
  }

  /** Is it an address that this person has or had? */
  has(address: string): boolean {
    return address === this.patient.email || this.#words.some((word) => word.address === address) || address === this.#phone;
  }

  said(said: Said): void {
    this.#texts.push(said);
  }

  word(word: Omit<ContactWord, 'address'> & { readonly address?: string }): void {
    this.#words.push({ address: this.addressOn(word.channel), ...word });
  }

  addressOn(channel: Channel): string {
    return channel === 'sms' ? this.#phone : this.patient.email;
  }

  moved(from: string, timeZone: string): void {
    this.#zones.push({ from, timeZone });
  }

  hasNumber(phone: string): void {
    this.#phone = phone;
  }

  treated(protocolId: string, on: string, toldAt: string): void {
    this.#elsewhere.push({ protocolId, on, toldAt });
  }

  pregnant(since: string): void {
    this.#pregnantSince ??= since;
  }

  erased(at: string): void {
    this.#erasedAt = at;
  }

  /** As the invariants want it. An address without a word was never consented to. */
  person(): Person {
    const { patientId, familyName, birthDate } = this.patient;
    const silent = (['sms', 'email'] as const).map((channel) => ({
      at: '',
      channel,
      scope: 'care' as const,
      address: channel === 'sms' ? this.patient.phone : this.patient.email,
      granted: false,
    }));
    return {
      patientId,
      secrets: [familyName, birthDate],
      zones: this.#zones,
      words: [...silent, ...this.#words],
      texts: this.#texts,
      treatedElsewhere: this.#elsewhere,
      pregnantSince: this.#pregnantSince,
      erasedAt: this.#erasedAt,
    };
  }
}
