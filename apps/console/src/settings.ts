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
