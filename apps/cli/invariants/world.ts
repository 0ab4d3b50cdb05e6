import type { ClinicDocument } from '#clinic';
import type { OutreachRow, Outside, SessionRow, TaskRow, ThreadMessage } from '../clinic-client.js';

export type Urgency = 'emergency' | 'urgent' | 'soon' | 'ask' | 'expected' | 'administrative';

/** What one invariant came to: how much was looked at, and everything that breaks it. */
export interface Check {
  /** Its number in the design. */
  readonly invariant: number;
  readonly what: string;
  readonly checks: number;
  readonly violations: readonly Violation[];
}

export interface Violation {
  readonly says: string;
  /** Whose story it is, when it is one patient's. */
  readonly patientId?: string | null;
  /** The instant at which it shows. */
  readonly at?: string;
}

/** A patient as the outside knows them, with what they told the clinic and when: nothing here was read from the product. */
export interface Person {
  readonly patientId: string;
  /** Words that may not stand where this patient's record does not. */
  readonly secrets: readonly string[];
  /** Where they live, from when on; the first from the beginning. */
  readonly zones: readonly { readonly from: string; readonly timeZone: string }[];
  /** Every address of theirs, with the consents given and withdrawn. */
  readonly words: readonly ContactWord[];
  readonly texts: readonly Said[];
  /** Treatments told to the clinic, by their day and the instant of the telling. */
  readonly treatedElsewhere: readonly { readonly protocolId: string; readonly on: string; readonly toldAt: string }[];
  readonly pregnantSince: string | null;
  readonly erasedAt: string | null;
}

export interface ContactWord {
  readonly at: string;
  readonly channel: 'sms' | 'email';
  readonly scope: 'care' | 'marketing';
  readonly address: string;
  readonly granted: boolean;
}

export interface Said {
  readonly at: string;
  readonly from: string;
  readonly body: string;
  /** It may not be read as less urgent than this. */
  readonly atLeast?: Urgency;
}

/** A text at the carrier, and when it was transmitted. */
export interface Transmitted {
  readonly sid: string;
  readonly to: string;
  readonly sentAt: string;
}

export interface Heard extends ThreadMessage {
  readonly patientId: string | null;
}

/** Standing sessions as they were seen at an instant, with the gates of their consultations that are not met. */
export interface Sighting {
  readonly at: string;
  readonly sessions: readonly SessionRow[];
  readonly openGates: ReadonlyMap<string, readonly string[]>;
}

/** Everything that the invariants are judged by, as data: what the product says beside what the outside saw. */
export interface World {
  readonly clinic: ClinicDocument;
  readonly now: Date;
  readonly people: readonly Person[];
  readonly sightings: readonly Sighting[];
  readonly sessions: readonly SessionRow[];
  readonly outreach: readonly OutreachRow[];
  readonly outside: readonly Outside[];
  readonly transmitted: readonly Transmitted[];
  readonly tasks: readonly TaskRow[];
  readonly heard: readonly Heard[];
  /** Of each protocol: the shortest interval to itself, in days. */
  readonly intervals: ReadonlyMap<string, number>;
  readonly records: Records;
}

/** What only a look into the database, the queue, the log lines and the metrics can tell. */
export interface Records {
  readonly events: number;
  readonly looks: number;
  /** Where the log or a read model does not hold. */
  readonly broken: readonly string[];
  /** Where something personal stands that may not. */
  readonly leaks: readonly string[];
  /** Where something of an erased patient can still be read. */
  readonly traces: readonly string[];
  /** Decisions without a recorded reason. */
  readonly unexplained: readonly string[];
}

/** Statuses in which a session holds its people, room and device. */
export const standing: readonly string[] = ['booked', 'confirmed', 'arrived', 'completed'];

export const millis = (instant: string): number => Date.parse(instant);
/** An answer to a patient's own message is exempt from hours, consent and caps for so long. */
export const answerMillis = 15 * 60_000;
