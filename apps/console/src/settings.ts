/** What the API answers about the clinic's settings, as far as the console reads it. */
export type Language = 'en' | 'es';
export const languageWords: Readonly<Record<Language, string>> = { en: 'English', es: 'Spanish' };

export type Part = 'sms' | 'subject' | 'email';
export type Text = Readonly<Record<Part, string>>;

export interface Segments {
  readonly encoding: string;
  readonly segments: number;
}

interface Standing {
  readonly version: number;
  readonly approvedBy: string | null;
  readonly approvedAt: string | null;
  readonly sms: Segments;
  readonly draft: { readonly version: number; readonly draftedBy: string; readonly draftedAt: string } | null;
}

export interface Template {
  readonly key: string;
  readonly variables: Readonly<Record<'sms' | 'email', readonly string[]>>;
  readonly languages: Readonly<Record<Language, Standing>>;
}

export interface TemplateText {
  readonly inForce: Text & { readonly version: number; readonly approvedBy: string | null; readonly approvedAt: string | null };
  readonly draft: (Text & { readonly version: number; readonly draftedBy: string; readonly draftedAt: string }) | null;
}

export interface Preview {
  readonly sms: (Segments & { readonly body: string }) | null;
  readonly email: { readonly subject: string; readonly html: string; readonly text: string } | null;
  readonly flaws: readonly { readonly part: Part; readonly message: string }[];
}

type Range = { readonly min: number; readonly max: number };
export interface ClinicFigure {
  readonly value: number | Range;
  readonly grounds: string;
}
export type ClinicFigures = Readonly<Record<string, ClinicFigure>>;

export interface Signed {
  readonly version: number;
  readonly activatedBy: string;
  readonly activatedAt: string;
}

export interface ProtocolRow {
  readonly id: string;
  readonly label: string;
  readonly inForce: Signed | null;
  readonly mustSet: readonly string[];
}

export interface ReviewedFigure {
  readonly field: string;
  readonly value: unknown;
  readonly status: string;
  readonly sourceIds: readonly string[];
  readonly note: string | null;
  readonly clinicSets: 'must' | 'may' | null;
  readonly suggestion: ClinicFigure | null;
}

interface SymptomDays {
  readonly code: string;
  readonly from: number;
  readonly to: number | null;
  readonly urgency?: string;
  readonly sourceIds: readonly string[];
}

export interface Protocol {
  readonly id: string;
  readonly label: string;
  readonly inForce: Signed | null;
  readonly set: ClinicFigures;
  readonly figures: readonly ReviewedFigure[];
  readonly expected: readonly SymptomDays[];
  readonly redFlags: readonly SymptomDays[];
  readonly sources: readonly { readonly id: string; readonly grade: string; readonly title: string; readonly url: string }[];
}

export interface Proposal {
  readonly version: number;
  readonly missing: readonly string[];
  readonly changes: readonly { readonly field: string; readonly from: unknown; readonly to: unknown }[];
}

/** Where one is signed in. */
export interface SignedInAt {
  readonly id: string;
  readonly device: string;
  readonly startedAt: string;
  readonly seenAt: string | null;
  readonly current: boolean;
}

export interface AccessEntry {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly patientId: string | null;
}

/** ISO weekday → local ranges; a day that is absent is closed. */
export type WeeklyHours = Readonly<Record<string, readonly (readonly [string, string])[]>>;

interface Placed {
  readonly id: string;
  readonly location: string;
  readonly protocols: readonly string[];
}

export interface ClinicSettings {
  readonly contactHours: WeeklyHours;
  readonly turnoverMinutes: number;
  readonly messageCaps: { readonly perDay: number; readonly perWeek: number };
  readonly escalation: readonly { readonly afterMinutes: number; readonly role: string; readonly channels: readonly string[] }[];
  readonly locations: readonly {
    readonly id: string;
    readonly name: string;
    readonly state: string;
    readonly hours: WeeklyHours;
    readonly closed: readonly string[];
  }[];
  readonly staff: readonly {
    readonly id: string;
    readonly name: string;
    readonly roles: readonly string[];
    readonly phone?: string | undefined;
    readonly email?: string | undefined;
    readonly licences: readonly { readonly kind: string; readonly state: string; readonly until: string }[];
    readonly certifications: readonly { readonly protocols: readonly string[]; readonly until: string }[];
    readonly hours: Readonly<Record<string, WeeklyHours>>;
  }[];
  readonly rooms: readonly Placed[];
  readonly devices: readonly Placed[];
}

/** A machine's key as it is listed; the key itself is shown once, when it is made. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly hint: string | null;
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
  readonly revokedBy: string | null;
  readonly fromEnvironment: boolean;
}

/** Who is told of what happens, and whether it still answers. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly types: readonly string[];
  readonly createdAt: string;
  readonly createdBy: string;
  readonly failures: number;
  readonly disabledAt: string | null;
  readonly disabledWhy: string | null;
}

export interface Delivery {
  readonly id: string;
  readonly type: string;
  readonly status: 'waiting' | 'delivered' | 'failed';
  readonly attempts: number;
  readonly answer: number | null;
  readonly why: string | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly nextAttemptAt: string | null;
}

interface AbsencePlace {
  readonly start: string;
  readonly timeZone: string;
  readonly locationId: string;
  readonly providerId: string;
  readonly roomId: string;
}

/** What would follow for everybody if somebody or something were missing. */
export interface AbsencePreview {
  readonly previewId: string;
  readonly from: string;
  readonly to: string;
  readonly changes: readonly {
    readonly sessionId: string;
    readonly patientId: string;
    readonly protocolId: string;
    readonly outcome: 'same_time' | 'moved' | 'on_hold';
    readonly before: AbsencePlace;
    readonly after: AbsencePlace | null;
    readonly why: string;
  }[];
}
