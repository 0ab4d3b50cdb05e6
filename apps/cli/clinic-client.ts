import type { Demo } from './demo-services.js';

export interface SessionRow {
  readonly id: string;
  readonly courseId: string;
  readonly patientId: string;
  readonly number: number;
  readonly protocolId: string;
  readonly status: string;
  readonly start: string;
  readonly end: string;
  readonly turnoverMinutes: number;
  readonly providerId: string;
  readonly roomId: string;
  readonly locationId: string;
  readonly deviceId: string | null;
  readonly because: readonly { readonly constraint: string; readonly detail: string }[];
  /** Who put it where a rule forbids, and why. */
  readonly override: { readonly by: string; readonly reason: string } | null;
}
export interface OutreachRow {
  readonly id: string;
  readonly key: string;
  readonly patientId: string | null;
  readonly touchpoint: string;
  readonly category: string;
  readonly channel: string;
  readonly dueAt: string;
  readonly status: string;
  readonly sentAt: string | null;
  readonly providerMessageId: string | null;
  readonly why: string | null;
  readonly because: string;
}
export interface TaskRow {
  readonly id: string;
  readonly kind: string;
  readonly why: string;
  readonly status: string;
  readonly dueAt: string;
  readonly patientId: string | null;
  readonly outreachId: string | null;
  readonly openedAt: string;
  readonly acknowledgedAt: string | null;
}
export interface ThreadMessage {
  readonly direction: 'in' | 'out';
  readonly body: string;
  readonly at: string;
  readonly triage?: { readonly urgency: string; readonly codes: readonly string[] } | null;
}
export interface Outside {
  readonly n: number;
  readonly channel: 'sms' | 'email';
  readonly to: string;
  readonly subject?: string;
  readonly body: string;
  readonly acceptedAt: string;
  readonly providerMessageId: string;
  readonly automatic?: boolean;
  /** Of a text: the carrier may transmit it until then. */
  readonly validUntil?: string;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** Speaks to the demo as any other system would: over HTTP, with a key. */
export class ClinicClient {
  constructor(private readonly demo: Demo) {}

  async get<T>(path: string): Promise<T> {
    return this.#call<T>(path, { method: 'GET' });
  }

  async post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.#call<T>(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  }

  /** Every item of a list, page by page. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const joint = path.includes('?') ? '&' : '?';
      const page: Page<T> = await this.get<Page<T>>(`${path}${joint}limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
      items.push(...page.items);
      cursor = page.next;
    }
    return items;
  }

  async send(events: readonly unknown[]): Promise<{ accepted: number; rejected: { message: string }[] }> {
    const body = events.map((event) => JSON.stringify(event)).join('\n');
    return this.#call('/v1/events', { method: 'POST', body, headers: { 'content-type': 'application/x-ndjson' } });
  }

  async outside(): Promise<readonly Outside[]> {
    return (await this.get<Page<Outside>>('/sandbox/messages?since=0')).items;
  }

  /** What an address answers, as it stands. */
  async text(path: string, init: RequestInit = {}): Promise<string> {
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${this.demo.apiKey}` };
    const response = await fetch(`${this.demo.address}${path}`, { ...init, headers });
    const text = await response.text();
    if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${path}: ${response.status} ${text}`);
    return text;
  }

  async #call<T>(path: string, init: RequestInit): Promise<T> {
    const text = await this.text(path, init);
    return (text === '' ? null : JSON.parse(text)) as T;
  }
}
