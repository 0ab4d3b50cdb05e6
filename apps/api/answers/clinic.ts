import { z } from 'zod';
import { answer, instant, language, pageOf } from '../answers.js';

export const clinic = answer(
  'Clinic',
  z.object({
    name: z.string(),
    phone: z.string(),
    now: instant,
    locations: z.array(z.object({ id: z.string(), name: z.string(), timeZone: z.string() })),
    staff: z.array(z.object({ id: z.string(), name: z.string(), roles: z.array(z.string()) })),
    rooms: z.array(z.object({ id: z.string(), location: z.string() })),
  }),
);

const hours = z.partialRecord(z.enum(['1', '2', '3', '4', '5', '6', '7']), z.array(z.tuple([z.string(), z.string()])));
/** The settings as they are kept: what a later version adds is shown too. */
export const settings = answer(
  'ClinicSettings',
  z.looseObject({
    clinicId: z.string(),
    name: z.string(),
    phone: z.string(),
    scheduling: z.enum(['book', 'propose']),
    contactHours: hours,
    turnoverMinutes: z.number(),
    messageCaps: z.looseObject({ perDay: z.number(), perWeek: z.number() }),
    escalation: z.array(z.looseObject({ afterMinutes: z.number(), role: z.string(), channels: z.array(z.enum(['sms', 'email'])) })),
    locations: z.array(z.looseObject({ id: z.string(), name: z.string(), state: z.string(), timeZone: z.string(), hours, closed: z.array(z.string()) })),
    staff: z.array(
      z.looseObject({
        id: z.string(),
        name: z.string(),
        roles: z.array(z.string()),
        phone: z.string().optional(),
        email: z.string().optional(),
        licences: z.array(z.looseObject({ kind: z.string(), state: z.string(), until: z.string() })),
        certifications: z.array(z.looseObject({ protocols: z.array(z.string()), until: z.string() })),
        hours: z.record(z.string(), hours),
      }),
    ),
    rooms: z.array(z.looseObject({ id: z.string(), location: z.string(), protocols: z.array(z.string()) })),
    devices: z.array(z.looseObject({ id: z.string(), location: z.string(), protocols: z.array(z.string()) })),
  }),
);

const segments = z.object({ encoding: z.string(), segments: z.number() });
const draft = z.object({ version: z.number(), draftedBy: z.string(), draftedAt: instant });
const standing = z.object({
  version: z.number(),
  approvedBy: z.string().nullable(),
  approvedAt: instant.nullable(),
  sms: segments,
  draft: draft.nullable(),
});
export const templateList = answer(
  'TemplateList',
  z.object({
    items: z.array(
      answer(
        'Template',
        z.object({
          key: z.string(),
          variables: z.object({ sms: z.array(z.string()), email: z.array(z.string()) }),
          languages: z.object({ en: standing, es: standing }),
        }),
      ),
    ),
  }),
);

const signed = answer('SignedProtocol', z.object({ version: z.number(), activatedBy: z.string(), activatedAt: instant }));
const figure = answer('ClinicFigure', z.object({ value: z.union([z.number(), z.object({ min: z.number(), max: z.number() })]), grounds: z.string() }));
export const protocolPage = pageOf(
  'ProtocolPage',
  answer('ProtocolRow', z.object({ id: z.string(), label: z.string(), inForce: signed.nullable(), mustSet: z.array(z.string()) })),
);
const symptom = { code: z.string(), from: z.number(), to: z.number().nullable(), sourceIds: z.array(z.string()) };
export const protocol = answer(
  'Protocol',
  z.object({
    id: z.string(),
    label: z.string(),
    inForce: signed.nullable(),
    set: z.record(z.string(), figure),
    figures: z.array(
      answer(
        'ReviewedFigure',
        z.object({
          field: z.string(),
          value: z.unknown(),
          status: z.string(),
          sourceIds: z.array(z.string()),
          note: z.string().nullable(),
          clinicSets: z.enum(['must', 'may']).nullable(),
          suggestion: figure.nullable(),
        }),
      ),
    ),
    expected: z.array(z.object(symptom)),
    redFlags: z.array(z.object({ ...symptom, urgency: z.string() })),
    sources: z.array(z.object({ id: z.string(), grade: z.enum(['A', 'B', 'C', 'D']), title: z.string(), url: z.string() })),
  }),
);
export const protocolPreview = answer(
  'ProtocolPreview',
  z.object({
    version: z.number(),
    missing: z.array(z.string()),
    changes: z.array(z.object({ field: z.string(), from: z.unknown().optional(), to: z.unknown().optional() })),
  }),
);
export const activated = answer('ActivatedProtocol', z.object({ protocolId: z.string(), version: z.number(), activatedBy: z.string() }));
export const templateVersion = answer('TemplateVersion', z.object({ key: z.string(), language, version: z.number() }));
export const approvedVersion = answer('ApprovedTemplate', z.object({ key: z.string(), language, version: z.number(), approvedBy: z.string() }));

const text = { sms: z.string(), subject: z.string(), email: z.string() };
export const templateText = answer(
  'TemplateText',
  z.looseObject({
    key: z.string(),
    language,
    inForce: z.looseObject({ ...text, version: z.number(), approvedBy: z.string().nullable(), approvedAt: instant.nullable() }),
    draft: z.looseObject({ ...text, version: z.number(), draftedBy: z.string(), draftedAt: instant }).nullable(),
  }),
);

export const settingsDocument = answer('ClinicSettingsVersion', z.object({ version: z.string(), document: settings }));
export const settingsSaved = answer('ClinicSettingsSaved', z.object({ version: z.string() }));

const flaw = z.object({ part: z.enum(['sms', 'subject', 'email']), message: z.string() });
const textPreview = answer(
  'TextPreview',
  z.object({
    sms: segments.extend({ body: z.string() }).nullable(),
    email: z.object({ subject: z.string(), text: z.string(), html: z.string() }).nullable(),
    flaws: z.array(flaw),
  }),
);
/** A text in each language. */
export const templatePreview = answer('TemplatePreview', z.object({ en: textPreview, es: textPreview }));
/** A message of the ledger as its patient will read it. */
export const outreachPreview = answer(
  'OutreachPreview',
  z.looseObject({
    id: z.string(),
    key: z.string(),
    touchpoint: z.string(),
    status: z.string(),
    dueAt: instant,
    version: z.number().nullable(),
    sms: segments.extend({ body: z.string() }).nullable(),
    email: z.looseObject({ subject: z.string().optional(), text: z.string(), html: z.string().optional() }).nullable(),
  }),
);
