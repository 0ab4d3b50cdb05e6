// Made by scripts/api-types.mjs from what the API says of itself. Not edited by hand.
export interface components {
    schemas: {
        readonly AbsencePreview: {
            readonly changes: readonly {
                readonly after: {
                    readonly deviceId: string | null;
                    /** Format: date-time */
                    readonly end: string;
                    readonly locationId: string;
                    readonly providerId: string;
                    readonly roomId: string;
                    /** Format: date-time */
                    readonly start: string;
                    readonly timeZone: string;
                } | null;
                readonly before: {
                    readonly deviceId: string | null;
                    /** Format: date-time */
                    readonly end: string;
                    readonly locationId: string;
                    readonly providerId: string;
                    readonly roomId: string;
                    /** Format: date-time */
                    readonly start: string;
                    readonly timeZone: string;
                };
                readonly courseId: string;
                readonly number: number;
                /** @enum {string} */
                readonly outcome: "same_time" | "moved" | "on_hold";
                readonly patientId: string;
                readonly protocolId: string;
                readonly sessionId: string;
                readonly status: string;
                readonly why: string;
            }[];
            /** Format: date-time */
            readonly from: string;
            readonly previewId: string;
            /** Format: date-time */
            readonly to: string;
        };
        readonly AcceptedEvent: {
            /** @enum {string} */
            readonly status: "accepted" | "duplicate";
        };
        readonly AccessLogEntry: {
            readonly action: string;
            readonly actor: string;
            /** Format: date-time */
            readonly at: string;
            readonly id: string;
            readonly patientId: string | null;
        };
        readonly AccessLogPage: {
            readonly items: readonly components["schemas"]["AccessLogEntry"][];
            readonly next: string | null;
        };
        readonly ActivatedProtocol: {
            readonly activatedBy: string;
            readonly protocolId: string;
            readonly version: number;
        };
        readonly Alive: {
            readonly status: string;
        };
        readonly ApiKey: {
            /** Format: date-time */
            readonly createdAt: string;
            readonly createdBy: string | null;
            readonly fromEnvironment: boolean;
            readonly hint: string | null;
            readonly id: string;
            readonly lastUsedAt: string | null;
            readonly name: string;
            readonly revokedAt: string | null;
            readonly revokedBy: string | null;
            readonly roles: readonly string[];
        };
        readonly ApiKeyPage: {
            readonly items: readonly components["schemas"]["ApiKey"][];
            readonly next: string | null;
        };
        readonly ApprovedTemplate: {
            readonly approvedBy: string;
            readonly key: string;
            /** @enum {string} */
            readonly language: "en" | "es";
            readonly version: number;
        };
        readonly CalendarAddress: {
            readonly address: string;
            readonly id: string;
            /** @enum {string} */
            readonly kind: "provider" | "room" | "patient";
            readonly of: string;
        };
        readonly CalendarPage: {
            readonly items: readonly {
                /** Format: date-time */
                readonly createdAt: string;
                readonly createdBy: string;
                readonly id: string;
                /** @enum {string} */
                readonly kind: "provider" | "room" | "patient";
                readonly of: string;
            }[];
            readonly next: string | null;
        };
        readonly Choices: {
            readonly gridMinutes: number;
            readonly items: readonly components["schemas"]["DayOfChoice"][];
        };
        readonly Clinic: {
            readonly locations: readonly {
                readonly id: string;
                readonly name: string;
                readonly timeZone: string;
            }[];
            readonly name: string;
            /** Format: date-time */
            readonly now: string;
            readonly phone: string;
            readonly rooms: readonly {
                readonly id: string;
                readonly location: string;
            }[];
            readonly staff: readonly {
                readonly id: string;
                readonly name: string;
                readonly roles: readonly string[];
            }[];
        };
        readonly ClinicException: {
            readonly deviceId?: string;
            readonly exceptionId: string;
            /** Format: date-time */
            readonly from: string;
            readonly hours?: readonly (readonly [
                string,
                string
            ])[];
            /** @enum {string} */
            readonly kind: "absence" | "extra_shift" | "downtime" | "closure" | "extra_hours";
            readonly locationId?: string;
            readonly on?: string;
            readonly reason?: string;
            readonly roomId?: string;
            readonly staffId?: string;
            /** Format: date-time */
            readonly to: string;
            readonly unit?: number;
        };
        readonly ClinicExceptionPage: {
            readonly items: readonly components["schemas"]["ClinicException"][];
            readonly next: string | null;
        };
        readonly ClinicFigure: {
            readonly grounds: string;
            readonly value: number | {
                readonly max: number;
                readonly min: number;
            };
        };
        readonly ClinicSettings: {
            readonly clinicId: string;
            readonly contactHours: {
                readonly [key: string]: readonly (readonly [
                    string,
                    string
                ])[];
            };
            readonly devices: readonly ({
                readonly id: string;
                readonly location: string;
                readonly protocols: readonly string[];
            } & {
                readonly [key: string]: unknown;
            })[];
            readonly escalation: readonly ({
                readonly afterMinutes: number;
                readonly channels: readonly ("sms" | "email")[];
                readonly role: string;
            } & {
                readonly [key: string]: unknown;
            })[];
            readonly locations: readonly ({
                readonly closed: readonly string[];
                readonly hours: {
                    readonly [key: string]: readonly (readonly [
                        string,
                        string
                    ])[];
                };
                readonly id: string;
                readonly name: string;
                readonly state: string;
                readonly timeZone: string;
            } & {
                readonly [key: string]: unknown;
            })[];
            readonly messageCaps: {
                readonly perDay: number;
                readonly perWeek: number;
            } & {
                readonly [key: string]: unknown;
            };
            readonly name: string;
            readonly phone: string;
            readonly rooms: readonly ({
                readonly id: string;
                readonly location: string;
                readonly protocols: readonly string[];
            } & {
                readonly [key: string]: unknown;
            })[];
            /** @enum {string} */
            readonly scheduling: "book" | "propose";
            readonly staff: readonly ({
                readonly certifications: readonly ({
                    readonly protocols: readonly string[];
                    readonly until: string;
                } & {
                    readonly [key: string]: unknown;
                })[];
                readonly email?: string;
                readonly hours: {
                    readonly [key: string]: {
                        readonly [key: string]: readonly (readonly [
                            string,
                            string
                        ])[];
                    };
                };
                readonly id: string;
                readonly licences: readonly ({
                    readonly kind: string;
                    readonly state: string;
                    readonly until: string;
                } & {
                    readonly [key: string]: unknown;
                })[];
                readonly name: string;
                readonly phone?: string;
                readonly roles: readonly string[];
            } & {
                readonly [key: string]: unknown;
            })[];
            readonly turnoverMinutes: number;
        } & {
            readonly [key: string]: unknown;
        };
        readonly ClinicSettingsSaved: {
            readonly version: string;
        };
        readonly ClinicSettingsVersion: {
            readonly document: components["schemas"]["ClinicSettings"];
            readonly version: string;
        };
        readonly Consultation: {
            readonly courseId: string | null;
            readonly decision: {
                /** Format: date-time */
                readonly at: string;
                /** @enum {string} */
                readonly decision: "proceed" | "declined" | "deferred";
                readonly planId: string;
            } | null;
            readonly estimate: {
                readonly currency: string;
                readonly depositRequired: number;
                readonly total: number;
            } | null;
            readonly gates: readonly components["schemas"]["Gate"][];
            readonly id: string;
            readonly patientId: string;
            readonly plan: {
                readonly changedAt: string | null;
                readonly items: readonly {
                    readonly area?: string;
                    readonly protocolId: string;
                    readonly sessions: number;
                }[];
                readonly planId: string;
                /** Format: date-time */
                readonly proposedAt: string;
                readonly providerId: string;
                readonly regimen: readonly string[];
            } | null;
            /** @enum {string} */
            readonly status: "requested" | "in_progress" | "finalized" | "ready" | "course_open" | "declined" | "deferred";
            readonly steps: readonly {
                /** Format: date-time */
                readonly at: string;
                readonly step: string;
            }[];
        };
        readonly ConsultationStarted: {
            readonly id: string;
            readonly patientId: string;
        };
        readonly Conversation: {
            readonly address: string | null;
            readonly answerBy: string | null;
            readonly assignee: string | null;
            readonly channel: string;
            readonly id: string;
            /** Format: date-time */
            readonly lastMessageAt: string;
            readonly patientId: string | null;
            readonly snoozedUntil: string | null;
            readonly status: string;
            readonly unansweredSince: string | null;
            readonly urgency: components["schemas"]["Urgency"] | null;
            readonly version: number;
        };
        readonly ConversationPage: {
            readonly items: readonly components["schemas"]["Conversation"][];
            readonly next: string | null;
        };
        readonly Course: {
            readonly because: readonly {
                readonly constraint: string;
                readonly detail: string;
            }[];
            readonly consultationId: string;
            readonly id: string;
            readonly items: readonly {
                readonly area?: string;
                readonly item: number;
                readonly protocolId: string;
                readonly protocolVersion: number;
                readonly sessions: number;
            }[];
            readonly locationId: string;
            readonly patientId: string;
            readonly planId: string;
            readonly relaxations: readonly {
                readonly change: string;
                readonly constraint: string;
                readonly cost: number;
            }[];
            readonly sessions: readonly components["schemas"]["Session"][];
            /** @enum {string} */
            readonly status: "absent" | "open" | "unschedulable" | "closed";
        };
        readonly DayOfChoice: {
            readonly because: readonly {
                readonly constraint: string;
                readonly detail: string;
            }[];
            /** Format: date */
            readonly date: string;
            readonly starts: readonly string[];
        };
        readonly Delivery: {
            readonly answer: number | null;
            readonly attempts: number;
            /** Format: date-time */
            readonly createdAt: string;
            readonly endedAt: string | null;
            readonly id: string;
            readonly nextAttemptAt: string | null;
            /** @enum {string} */
            readonly status: "waiting" | "delivered" | "failed";
            readonly type: string;
            readonly why: string | null;
        };
        readonly DeliveryPage: {
            readonly items: readonly components["schemas"]["Delivery"][];
            readonly next: string | null;
        };
        readonly EndedSessions: {
            readonly ended: number;
        };
        readonly EventType: {
            readonly schema: unknown;
            readonly type: string;
        };
        readonly EventTypePage: {
            readonly items: readonly components["schemas"]["EventType"][];
            readonly next: string | null;
        };
        readonly FactTaken: {
            /** @enum {string} */
            readonly status: "accepted" | "duplicate";
        };
        readonly FreeSlot: {
            readonly deviceId: string | null;
            readonly locationId: string;
            readonly providerId: string;
            readonly roomId: string;
            /** Format: date-time */
            readonly start: string;
        };
        readonly FreeSlotPage: {
            readonly items: readonly components["schemas"]["FreeSlot"][];
            readonly next: string | null;
        };
        readonly Gate: {
            /** @enum {string} */
            readonly gate: "assessment" | "plan" | "education" | "questions" | "patch_test" | "contraindications" | "consent" | "deposit";
            /** @enum {string} */
            readonly met: "met" | "unmet" | "waived";
            readonly why: string;
        };
        readonly Insight: {
            readonly answers: {
                readonly answered: number;
                readonly closed: number;
                readonly medianMinutes: number | null;
                readonly p90Minutes: number | null;
                readonly waiting: number;
                readonly waits: number;
            };
            readonly checkIns: {
                readonly answered: number;
                readonly asked: number;
                readonly days: readonly {
                    readonly answered: number;
                    readonly asked: number;
                    readonly day: number | null;
                    readonly outcomes: {
                        readonly [key: string]: number;
                    };
                    readonly protocolId: string | null;
                }[];
                readonly replyRate: number | null;
            };
            /** @description Sessions asked about in the period, and confirmed since. */
            readonly confirmations: {
                readonly asked: number;
                readonly confirmed: number;
                readonly rate: number | null;
            };
            /** @description Courses with a session in the period, as they stand now. */
            readonly courses: {
                readonly abandoned: number;
                readonly completed: number;
                readonly underWay: number;
            };
            readonly messages: readonly {
                /** @enum {string} */
                readonly channel: "sms" | "email" | "call";
                readonly messages: number;
                readonly status: components["schemas"]["OutreachStatus"];
            }[];
            readonly period: {
                /** Format: date */
                readonly from: string;
                readonly timeZone: string;
                /** Format: date */
                readonly to: string;
            };
            readonly satisfaction: {
                readonly answered: number;
                readonly asked: number;
                readonly mean: number | null;
                readonly scores: readonly number[];
            };
            readonly sessions: {
                /** @description Sessions that start in the period, as they stand now. */
                readonly byStatus: {
                    readonly [key: string]: number;
                };
                /** @description Those of them that have an end: arrived, completed or no-show. */
                readonly due: number;
                /** @description Moves made in the period. */
                readonly moves: {
                    readonly byPatient: number;
                    readonly bySchedule: number;
                    readonly byStaff: number;
                    readonly sessions: number;
                };
                readonly noShowRate: number | null;
                readonly noShows: number;
            };
        } & {
            readonly [key: string]: unknown;
        };
        readonly IntakeCounts: {
            readonly accepted: number;
            readonly duplicates: number;
            readonly rejected: readonly {
                readonly code: string;
                readonly id: string | null;
                readonly index: number;
                readonly message: string;
                readonly path: string | null;
            }[];
        };
        readonly Me: {
            readonly name: string;
            readonly roles: readonly string[];
            readonly staffId: string | null;
        };
        readonly Message: {
            /** Format: date-time */
            readonly at: string;
            readonly author: string | null;
            readonly body: string | null;
            readonly channel: string;
            readonly checkIn: {
                readonly day: number | null;
                readonly outreachId: string;
                readonly protocolId: string | null;
                /** @enum {string} */
                readonly question: "confirm" | "check-in" | "satisfaction" | "offer";
                readonly sessionId: string | null;
            } | null;
            readonly checkIns: readonly {
                readonly day: number | null;
                readonly outreachId: string;
                readonly protocolId: string | null;
                /** @enum {string} */
                readonly question: "confirm" | "check-in" | "satisfaction" | "offer";
                readonly sessionId: string | null;
            }[];
            /** @enum {string} */
            readonly direction: "in" | "out";
            readonly id: string;
            readonly media: readonly ({
                readonly contentType?: string;
                readonly url: string;
            } & {
                readonly [key: string]: unknown;
            })[];
            readonly outreachId: string | null;
            readonly subject: string | null;
            readonly touchpoint: string | null;
            readonly triage: {
                readonly ambiguous: boolean;
                readonly by: string;
                readonly codes: readonly string[];
                readonly reason?: string;
                readonly rules: readonly string[];
                readonly urgency: components["schemas"]["Urgency"];
            } | null;
        };
        readonly NewApiKey: {
            readonly id: string;
            readonly key: string;
            readonly name: string;
            readonly roles: readonly string[];
        };
        readonly NewSecondFactor: {
            readonly secret: string;
            readonly uri: string;
        };
        readonly NewWebhook: {
            readonly id: string;
            readonly secret: string;
            readonly types: readonly string[];
            readonly url: string;
        };
        readonly OpenSession: {
            readonly current: boolean;
            readonly device: string;
            /** Format: date-time */
            readonly expiresAt: string;
            readonly id: string;
            readonly seenAt: string | null;
            /** Format: date-time */
            readonly startedAt: string;
        };
        readonly OpenSessionPage: {
            readonly items: readonly components["schemas"]["OpenSession"][];
            readonly next: string | null;
        };
        readonly Outreach: {
            readonly attempts: number;
            readonly because: string;
            readonly category: string;
            readonly channel: string;
            readonly consultationId: string | null;
            readonly conversationId: string | null;
            readonly courseId: string | null;
            /** Format: date-time */
            readonly dueAt: string;
            /** Format: date-time */
            readonly expiresAt: string;
            readonly held: boolean;
            readonly id: string;
            readonly key: string;
            readonly nextAttemptAt: string | null;
            readonly patientId: string | null;
            readonly providerMessageId: string | null;
            readonly sentAt: string | null;
            readonly sessionId: string | null;
            readonly staffId: string | null;
            readonly status: components["schemas"]["OutreachStatus"];
            readonly stoppedBy: string | null;
            readonly taskId: string | null;
            readonly tasks: readonly {
                readonly acknowledgedBy: string | null;
                readonly assignee: string | null;
                /** Format: date-time */
                readonly dueAt: string;
                readonly id: string;
                readonly kind: string;
                readonly role: string | null;
                readonly status: string;
                readonly why: string;
            }[];
            readonly touchpoint: string;
            readonly why: string;
        };
        readonly OutreachPage: {
            readonly items: readonly components["schemas"]["Outreach"][];
            readonly next: string | null;
        };
        readonly OutreachPreview: {
            /** Format: date-time */
            readonly dueAt: string;
            readonly email: ({
                readonly html?: string;
                readonly subject?: string;
                readonly text: string;
            } & {
                readonly [key: string]: unknown;
            }) | null;
            readonly id: string;
            readonly key: string;
            readonly sms: {
                readonly body: string;
                readonly encoding: string;
                readonly segments: number;
            } | null;
            readonly status: string;
            readonly touchpoint: string;
            readonly version: number | null;
        } & {
            readonly [key: string]: unknown;
        };
        /** @enum {string} */
        readonly OutreachStatus: "planned" | "attempting" | "sent" | "delivered" | "in_doubt" | "unproven" | "failed" | "missed" | "cancelled";
        readonly OutreachTexts: {
            readonly id: string;
            /** @enum {string} */
            readonly language: "en" | "es";
            readonly texts: {
                readonly [key: string]: {
                    readonly body: string;
                    readonly segments: number | null;
                    readonly subject: string | null;
                };
            };
        };
        readonly OutreachWithStory: {
            readonly attempts: number;
            readonly because: string;
            readonly category: string;
            readonly channel: string;
            readonly consultationId: string | null;
            readonly conversationId: string | null;
            readonly courseId: string | null;
            /** Format: date-time */
            readonly dueAt: string;
            /** Format: date-time */
            readonly expiresAt: string;
            readonly held: boolean;
            readonly id: string;
            readonly key: string;
            readonly nextAttemptAt: string | null;
            readonly patientId: string | null;
            readonly providerMessageId: string | null;
            readonly sentAt: string | null;
            readonly sessionId: string | null;
            readonly staffId: string | null;
            readonly status: components["schemas"]["OutreachStatus"];
            readonly stoppedBy: string | null;
            readonly story: readonly {
                /** Format: date-time */
                readonly at: string;
                readonly by: string | null;
                readonly dueAt: string | null;
                readonly what: string;
                readonly why: string | null;
            }[];
            readonly taskId: string | null;
            readonly tasks: readonly {
                readonly acknowledgedBy: string | null;
                readonly assignee: string | null;
                /** Format: date-time */
                readonly dueAt: string;
                readonly id: string;
                readonly kind: string;
                readonly role: string | null;
                readonly status: string;
                readonly why: string;
            }[];
            readonly touchpoint: string;
            readonly why: string;
        };
        readonly Patient: {
            readonly birthDate: string | null;
            readonly email: string | null;
            readonly familyName: string | null;
            readonly givenName: string | null;
            readonly id: string;
            readonly language: string | null;
            readonly phone: string | null;
            readonly timeZone: string | null;
        };
        readonly PatientLink: {
            /** Format: date-time */
            readonly expiresAt: string;
            readonly link: string;
            /** @enum {string} */
            readonly page: "history" | "consent" | "visit" | "photo";
        };
        readonly PatientPage: {
            readonly items: readonly components["schemas"]["Patient"][];
            readonly next: string | null;
        };
        readonly PatientRecord: {
            readonly allergies: readonly string[];
            readonly availability: {
                readonly preferred: readonly ({
                    readonly from: string;
                    readonly to: string;
                    readonly weekday: number;
                } & {
                    readonly [key: string]: unknown;
                })[];
                readonly socialEvents: readonly ({
                    readonly name?: string;
                    /** Format: date */
                    readonly on: string;
                } & {
                    readonly [key: string]: unknown;
                })[];
                readonly unavailable: readonly ({
                    /** Format: date-time */
                    readonly from: string;
                    readonly reason?: string;
                    /** Format: date-time */
                    readonly to: string;
                } & {
                    readonly [key: string]: unknown;
                })[];
            };
            /** Format: date */
            readonly birthDate?: string;
            readonly comfort?: {
                readonly [key: string]: unknown;
            };
            readonly consents: readonly {
                readonly address: string;
                /** Format: date-time */
                readonly at: string;
                /** @enum {string} */
                readonly channel: "sms" | "email";
                readonly granted: boolean;
                readonly method: string;
                /** @enum {string} */
                readonly scope: "care" | "marketing";
            }[];
            readonly email?: string;
            readonly erased: boolean;
            readonly facts: {
                /** Format: date */
                readonly birthDate?: string;
                readonly clearances: readonly {
                    readonly by: string;
                    readonly code: string;
                    readonly protocolId?: string;
                    /** Format: date */
                    readonly until?: string;
                }[];
                readonly conditions: readonly string[];
                readonly exposures: readonly ({
                    readonly code: string;
                    /** Format: date */
                    readonly on: string;
                } & {
                    readonly [key: string]: unknown;
                })[];
                readonly fitzpatrick?: string;
                readonly medications: readonly {
                    readonly code: string;
                    readonly name?: string;
                    readonly prescribed: boolean;
                    /** Format: date */
                    readonly startedOn?: string;
                    /** Format: date */
                    readonly stoppedOn?: string;
                }[];
                readonly nursing: boolean;
                readonly pregnant: boolean;
                readonly smoking: boolean;
                readonly treatments: readonly ({
                    /** Format: date */
                    readonly on: string;
                    readonly protocolId: string;
                } & {
                    readonly [key: string]: unknown;
                })[];
            };
            readonly familyName?: string;
            readonly givenName?: string;
            readonly id: string;
            readonly language?: string;
            readonly lifestyle?: {
                readonly [key: string]: unknown;
            };
            readonly phone?: string;
            readonly skinCareRoutine: readonly string[];
            readonly timeZone?: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly Problem: {
            readonly code: string;
            readonly detail: string;
            readonly path?: string;
            readonly status: number;
            readonly title: string;
            readonly type: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly Proposal: {
            readonly cost: number;
            readonly explanation: readonly string[];
            readonly optimal: boolean;
            readonly proposalId: string;
            readonly sessions: readonly {
                readonly because: readonly {
                    readonly constraint: string;
                    readonly detail: string;
                }[];
                readonly courseId: string;
                readonly deviceId: string | null;
                /** Format: date-time */
                readonly earliest: string;
                /** Format: date-time */
                readonly end: string;
                readonly item: number;
                readonly latest: string | null;
                readonly locationId: string;
                readonly number: number;
                readonly patientId: string;
                readonly protocolId: string;
                readonly protocolVersion: number;
                readonly providerId: string;
                readonly roomId: string;
                readonly sessionId: string;
                readonly spacing: {
                    readonly [key: string]: number;
                };
                /** Format: date-time */
                readonly start: string;
                readonly timeZone: string;
                readonly turnoverMinutes: number;
            }[];
        } & {
            readonly [key: string]: unknown;
        };
        readonly ProposalPage: {
            readonly items: readonly components["schemas"]["Proposal"][];
            readonly next: string | null;
        };
        readonly Protocol: {
            readonly expected: readonly {
                readonly code: string;
                readonly from: number;
                readonly sourceIds: readonly string[];
                readonly to: number | null;
            }[];
            readonly figures: readonly components["schemas"]["ReviewedFigure"][];
            readonly id: string;
            readonly inForce: components["schemas"]["SignedProtocol"] | null;
            readonly label: string;
            readonly redFlags: readonly {
                readonly code: string;
                readonly from: number;
                readonly sourceIds: readonly string[];
                readonly to: number | null;
                readonly urgency: string;
            }[];
            readonly set: {
                readonly [key: string]: components["schemas"]["ClinicFigure"];
            };
            readonly sources: readonly {
                /** @enum {string} */
                readonly grade: "A" | "B" | "C" | "D";
                readonly id: string;
                readonly title: string;
                readonly url: string;
            }[];
        };
        readonly ProtocolPage: {
            readonly items: readonly components["schemas"]["ProtocolRow"][];
            readonly next: string | null;
        };
        readonly ProtocolPreview: {
            readonly changes: readonly {
                readonly field: string;
                readonly from?: unknown;
                readonly to?: unknown;
            }[];
            readonly missing: readonly string[];
            readonly version: number;
        };
        readonly ProtocolRow: {
            readonly id: string;
            readonly inForce: components["schemas"]["SignedProtocol"] | null;
            readonly label: string;
            readonly mustSet: readonly string[];
        };
        readonly QuarantinedEvent: {
            readonly code: string;
            readonly eventId: string | null;
            readonly id: string;
            readonly message: string;
            readonly path: string | null;
            /** Format: date-time */
            readonly receivedAt: string;
            readonly retriedAt: string | null;
            readonly source: string | null;
            readonly status: string;
        };
        readonly QuarantinePage: {
            readonly items: readonly components["schemas"]["QuarantinedEvent"][];
            readonly next: string | null;
        };
        readonly Ready: {
            readonly checks: {
                readonly database: boolean;
                readonly migrations: boolean;
                readonly queue: boolean;
            };
            readonly status: string;
            readonly warnings?: readonly string[];
        };
        readonly RecordedFact: {
            /** Format: date-time */
            readonly at: string;
            readonly by: string | null;
            readonly consultationId: string;
            readonly data: {
                readonly [key: string]: unknown;
            };
            readonly id: string;
            readonly type: string;
        };
        readonly RecordedFacts: {
            readonly items: readonly components["schemas"]["RecordedFact"][];
            readonly next: string | null;
        };
        readonly ReviewedFigure: {
            readonly clinicSets: ("must" | "may") | null;
            readonly field: string;
            readonly note: string | null;
            readonly sourceIds: readonly string[];
            readonly status: string;
            readonly suggestion: components["schemas"]["ClinicFigure"] | null;
            readonly value: unknown;
        };
        readonly Ribbon: {
            readonly bands: readonly ({
                /** Format: date */
                readonly from: string;
                /** @enum {string} */
                readonly kind: "downtime" | "window" | "washout" | "sun";
                readonly say: string;
                /** Format: date */
                readonly to: string;
            } & {
                readonly [key: string]: unknown;
            })[];
            readonly events: readonly ({
                readonly name: string | null;
                /** Format: date */
                readonly on: string;
            } & {
                readonly [key: string]: unknown;
            })[];
            /** Format: date */
            readonly from: string;
            readonly sessions: readonly ({
                readonly id: string;
                readonly number: number;
                /** Format: date */
                readonly on: string;
                readonly protocolId: string;
                readonly status: components["schemas"]["SessionStatus"];
            } & {
                readonly [key: string]: unknown;
            })[];
            readonly timeZone: string;
            /** Format: date */
            readonly to: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly RibbonOfPatient: {
            readonly ribbon: components["schemas"]["Ribbon"] | null;
        };
        readonly SchedulePreview: {
            readonly because: readonly {
                readonly constraint: string;
                readonly detail: string;
            }[];
            readonly sessions: readonly {
                readonly because: readonly {
                    readonly constraint: string;
                    readonly detail: string;
                }[];
                readonly downtime: {
                    /** Format: date */
                    readonly from: string;
                    /** Format: date */
                    readonly to: string;
                };
                /** Format: date-time */
                readonly end: string;
                readonly item: number;
                readonly locationId: string;
                readonly number: number;
                readonly protocolId: string;
                readonly providerId: string;
                /** Format: date-time */
                readonly start: string;
                readonly timeZone: string;
            }[];
        };
        readonly SecondFactor: {
            readonly on: boolean;
        };
        readonly Session: {
            readonly because: readonly {
                readonly constraint: string;
                readonly detail: string;
            }[];
            readonly completedAt: string | null;
            readonly completedOn: string | null;
            readonly courseId: string;
            readonly deviceId: string | null;
            readonly earliest: string | null;
            readonly end: string | null;
            readonly held: {
                readonly deviceId: string | null;
                /** Format: date-time */
                readonly end: string;
                readonly holdId: string;
                readonly locationId: string;
                readonly providerId: string;
                /** @enum {string} */
                readonly reason: "proposal" | "request" | "offer";
                readonly roomId: string;
                /** Format: date-time */
                readonly start: string;
                /** Format: date-time */
                readonly until: string;
            } | null;
            readonly holds: readonly {
                readonly gate: string;
                readonly why: string;
            }[];
            readonly id: string;
            readonly item: number;
            readonly latest: string | null;
            readonly locationId: string | null;
            readonly number: number;
            readonly override: {
                readonly by: string;
                readonly constraints: readonly {
                    readonly constraint: string;
                    readonly detail: string;
                }[];
                readonly reason: string;
                readonly waives: readonly ({
                    readonly lane: string;
                    readonly source: string;
                } & {
                    readonly [key: string]: unknown;
                })[];
            } | null;
            readonly patientId: string;
            readonly protocolId: string;
            readonly protocolVersion: number;
            readonly providerId: string | null;
            readonly roomId: string | null;
            readonly sequence: number;
            readonly start: string | null;
            readonly status: components["schemas"]["SessionStatus"];
            readonly timeZone: string | null;
            readonly turnoverMinutes: number | null;
        };
        readonly SessionPage: {
            readonly items: readonly components["schemas"]["Session"][];
            readonly next: string | null;
        };
        /** @enum {string} */
        readonly SessionStatus: "unscheduled" | "held" | "booked" | "confirmed" | "arrived" | "completed" | "no_show" | "cancelled" | "on_hold";
        readonly SignedProtocol: {
            /** Format: date-time */
            readonly activatedAt: string;
            readonly activatedBy: string;
            readonly version: number;
        };
        readonly Suggestion: {
            readonly key: string;
            /** @enum {string} */
            readonly language: "en" | "es";
            readonly text: string;
        };
        readonly SuggestionPage: {
            readonly items: readonly components["schemas"]["Suggestion"][];
            readonly next: string | null;
        };
        readonly Task: {
            readonly acknowledgedAt: string | null;
            readonly acknowledgedBy: string | null;
            readonly assignee: string | null;
            readonly conversationId: string | null;
            readonly courseId: string | null;
            /** Format: date-time */
            readonly dueAt: string;
            readonly id: string;
            readonly kind: string;
            readonly messageId: string | null;
            readonly nextRung: {
                /** Format: date-time */
                readonly at: string;
                readonly role: string;
                readonly rung: number;
            } | null;
            /** Format: date-time */
            readonly openedAt: string;
            readonly outreachId: string | null;
            readonly patientId: string | null;
            readonly role: string | null;
            readonly sessionId: string | null;
            /** @enum {string} */
            readonly status: "open" | "acknowledged" | "done";
            readonly told: readonly string[];
            readonly urgency: components["schemas"]["Urgency"] | null;
            readonly why: string;
        };
        readonly TaskPage: {
            readonly items: readonly components["schemas"]["Task"][];
            readonly next: string | null;
        };
        readonly Template: {
            readonly key: string;
            readonly languages: {
                readonly en: {
                    readonly approvedAt: string | null;
                    readonly approvedBy: string | null;
                    readonly draft: {
                        /** Format: date-time */
                        readonly draftedAt: string;
                        readonly draftedBy: string;
                        readonly version: number;
                    } | null;
                    readonly sms: {
                        readonly encoding: string;
                        readonly segments: number;
                    };
                    readonly version: number;
                };
                readonly es: {
                    readonly approvedAt: string | null;
                    readonly approvedBy: string | null;
                    readonly draft: {
                        /** Format: date-time */
                        readonly draftedAt: string;
                        readonly draftedBy: string;
                        readonly version: number;
                    } | null;
                    readonly sms: {
                        readonly encoding: string;
                        readonly segments: number;
                    };
                    readonly version: number;
                };
            };
            readonly variables: {
                readonly email: readonly string[];
                readonly sms: readonly string[];
            };
        };
        readonly TemplateList: {
            readonly items: readonly components["schemas"]["Template"][];
        };
        readonly TemplatePreview: {
            readonly en: components["schemas"]["TextPreview"];
            readonly es: components["schemas"]["TextPreview"];
        };
        readonly TemplateText: {
            readonly draft: ({
                /** Format: date-time */
                readonly draftedAt: string;
                readonly draftedBy: string;
                readonly email: string;
                readonly sms: string;
                readonly subject: string;
                readonly version: number;
            } & {
                readonly [key: string]: unknown;
            }) | null;
            readonly inForce: {
                readonly approvedAt: string | null;
                readonly approvedBy: string | null;
                readonly email: string;
                readonly sms: string;
                readonly subject: string;
                readonly version: number;
            } & {
                readonly [key: string]: unknown;
            };
            readonly key: string;
            /** @enum {string} */
            readonly language: "en" | "es";
        } & {
            readonly [key: string]: unknown;
        };
        readonly TemplateVersion: {
            readonly key: string;
            /** @enum {string} */
            readonly language: "en" | "es";
            readonly version: number;
        };
        readonly TextPreview: {
            readonly email: {
                readonly html: string;
                readonly subject: string;
                readonly text: string;
            } | null;
            readonly flaws: readonly {
                readonly message: string;
                /** @enum {string} */
                readonly part: "sms" | "subject" | "email";
            }[];
            readonly sms: {
                readonly body: string;
                readonly encoding: string;
                readonly segments: number;
            } | null;
        };
        readonly Thread: {
            readonly address: string | null;
            readonly answerBy: string | null;
            readonly assignee: string | null;
            readonly channel: string;
            readonly id: string;
            /** Format: date-time */
            readonly lastMessageAt: string;
            readonly messages: readonly components["schemas"]["Message"][];
            readonly patientId: string | null;
            readonly snoozedUntil: string | null;
            readonly status: string;
            readonly unansweredSince: string | null;
            readonly urgency: components["schemas"]["Urgency"] | null;
            readonly version: number;
        };
        readonly TimelineEntry: {
            /** Format: date-time */
            readonly at: string;
            readonly cause: string | null;
            readonly data: {
                readonly [key: string]: unknown;
            };
            readonly id: string;
            /** Format: date-time */
            readonly recordedAt: string;
            readonly source: string | null;
            readonly title: string;
            readonly type: string;
        };
        readonly TimelinePage: {
            readonly items: readonly components["schemas"]["TimelineEntry"][];
            readonly next: string | null;
        };
        readonly TouchpointPage: {
            readonly items: readonly string[];
            readonly next: string | null;
        };
        readonly TreatmentOption: {
            readonly downtimeDays: number;
            readonly durationMinutes: number;
            readonly fullRecoveryDays: number;
            readonly intervalDays: {
                readonly ideal: number;
                readonly max: number;
                readonly min: number;
            };
            readonly label: string;
            readonly protocolId: string;
            readonly sessions: {
                readonly max: number;
                readonly min: number;
            };
            readonly sources: readonly {
                readonly field: string;
                readonly ids: readonly string[];
            }[];
            readonly sunAvoidBeforeDays: number;
            readonly version: number;
        };
        readonly TreatmentOptions: {
            readonly items: readonly components["schemas"]["TreatmentOption"][];
            readonly next: string | null;
        };
        /** @enum {string} */
        readonly Urgency: "emergency" | "urgent" | "soon" | "ask" | "expected" | "administrative";
        readonly WaitingSession: {
            readonly because: readonly {
                readonly constraint: string;
                readonly detail: string;
            }[];
            readonly completedAt: string | null;
            readonly completedOn: string | null;
            readonly courseId: string;
            readonly deviceId: string | null;
            readonly earliest: string | null;
            readonly end: string | null;
            readonly held: {
                readonly deviceId: string | null;
                /** Format: date-time */
                readonly end: string;
                readonly holdId: string;
                readonly locationId: string;
                readonly providerId: string;
                /** @enum {string} */
                readonly reason: "proposal" | "request" | "offer";
                readonly roomId: string;
                /** Format: date-time */
                readonly start: string;
                /** Format: date-time */
                readonly until: string;
            } | null;
            readonly holds: readonly {
                readonly gate: string;
                readonly why: string;
            }[];
            readonly id: string;
            readonly item: number;
            readonly latest: string | null;
            readonly locationId: string | null;
            readonly number: number;
            readonly override: {
                readonly by: string;
                readonly constraints: readonly {
                    readonly constraint: string;
                    readonly detail: string;
                }[];
                readonly reason: string;
                readonly waives: readonly ({
                    readonly lane: string;
                    readonly source: string;
                } & {
                    readonly [key: string]: unknown;
                })[];
            } | null;
            readonly patientId: string;
            readonly protocolId: string;
            readonly protocolVersion: number;
            readonly providerId: string | null;
            readonly roomId: string | null;
            readonly sequence: number;
            readonly start: string | null;
            readonly status: components["schemas"]["SessionStatus"];
            readonly timeZone: string | null;
            readonly turnoverMinutes: number | null;
            readonly waiting?: {
                readonly passed: readonly string[];
                /** Format: date-time */
                readonly since: string;
                readonly windows: readonly {
                    readonly from: string;
                    readonly to: string;
                    readonly weekday: number;
                }[];
                /** @enum {string} */
                readonly wish: "any" | "earlier";
            };
        };
        readonly WaitlistJoined: {
            readonly sessionId: string;
            readonly windows: readonly {
                readonly from: string;
                readonly to: string;
                readonly weekday: number;
            }[];
            /** @enum {string} */
            readonly wish: "any" | "earlier";
        };
        readonly WaitlistPage: {
            readonly items: readonly components["schemas"]["WaitingSession"][];
            readonly next: string | null;
        };
        readonly Webhook: {
            /** Format: date-time */
            readonly createdAt: string;
            readonly createdBy: string;
            readonly disabledAt: string | null;
            readonly disabledWhy: string | null;
            readonly failures: number;
            readonly id: string;
            readonly types: readonly string[];
            readonly url: string;
        };
        readonly WebhookPage: {
            readonly items: readonly components["schemas"]["Webhook"][];
            readonly next: string | null;
        };
        readonly WhyNot: {
            /** @constant */
            readonly allowed: true;
            readonly session: {
                readonly deviceId: string | null;
                /** Format: date-time */
                readonly end: string;
                readonly item: number;
                readonly number: number;
                readonly protocolId: string;
                readonly providerId: string;
                readonly roomId: string;
                /** Format: date-time */
                readonly start: string;
            };
        } | {
            /** @constant */
            readonly allowed: false;
            readonly because: readonly {
                readonly constraint: string;
                readonly detail: string;
            }[];
            readonly together: boolean;
        };
        readonly Written: {
            readonly outreachId: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
