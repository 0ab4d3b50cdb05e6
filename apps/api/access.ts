import { CanActivate, createParamDecorator, ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { type Clock, type Database, hashToken, Rejected } from '#platform';

/** What a caller may be. `events` is for machines that send consultation events. */
export const roles = ['events', 'front_desk', 'provider', 'medical_director', 'admin', 'auditor'] as const;
export type Role = (typeof roles)[number];

/** Who calls: a machine with a key, or a member of staff with a session. */
export interface Caller {
  readonly name: string;
  readonly staffId: string | null;
  readonly roles: readonly Role[];
}

const staffRoles: readonly Role[] = ['front_desk', 'provider', 'medical_director', 'admin'];
export const readers: readonly Role[] = [...staffRoles, 'auditor'];
/** Who runs the house: its admin, and the medical director, who in a small one is the same person. */
export const managers: readonly Role[] = ['admin', 'medical_director'];
export const sessionCookie = 'afterglow_session';
const allowedKey = 'allowed-roles';
const seenEveryMillis = 5 * 60_000;

/** The roles that may call a route. Without it the staff may, and nobody else. */
export const Allow = (...allowed: readonly Role[]) => SetMetadata(allowedKey, allowed);
/** Anyone may call: health, webhooks (which carry a signature), patients' links (which carry a token). */
export const Open = () => SetMetadata(allowedKey, 'open');

interface WithCaller extends Request {
  caller?: Caller;
}

export const CallerOf = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<WithCaller>();
  if (caller === undefined) throw new Error('a route that asks who calls must not be open');
  return caller;
});

/** Whether a use has to be written down again; not each is. */
const isOld = (seenAt: Date | null, now: Date) => seenAt === null || Math.abs(now.getTime() - seenAt.getTime()) >= seenEveryMillis;
const isRole = (value: string): value is Role => (roles as readonly string[]).includes(value);

function bearer(request: Request): string | null {
  const [scheme, key] = (request.headers.authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' && key !== undefined && key !== '' ? key : null;
}

export function cookie(request: Request, name: string): string | null {
  const found = (request.headers.cookie ?? '').split(';').map((part) => part.trim().split('='));
  return found.find(([key]) => key === name)?.[1] ?? null;
}

/** A cookie is sent by the browser whoever wrote the page: a change must come from a page of ours. */
function isForged(request: Request): boolean {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return false;
  const site = request.headers['sec-fetch-site'];
  return site !== undefined ? site !== 'same-origin' : request.headers['x-requested-with'] === undefined;
}

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject('database') private readonly db: Database,
    @Inject('clock') private readonly clock: Clock,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  /** @throws Rejected 401 without a valid key or session, 403 without the role. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const allowed =
      this.reflector.getAllAndOverride<readonly Role[] | 'open' | undefined>(allowedKey, [context.getHandler(), context.getClass()]) ?? staffRoles;
    if (allowed === 'open') return true;
    const request = context.switchToHttp().getRequest<WithCaller>();
    const caller = (await this.machine(request)) ?? (await this.staff(request));
    if (caller === null) throw new Rejected('unauthorized', 'Send a valid API key (Authorization: Bearer …) or sign in.', { status: 401 });
    if (!caller.roles.some((role) => allowed.includes(role))) {
      throw new Rejected('forbidden', `This needs one of the roles ${allowed.join(', ')}.`, { status: 403 });
    }
    request.caller = caller;
    return true;
  }

  private async machine(request: Request): Promise<Caller | null> {
    const key = bearer(request);
    if (key === null) return null;
    const row = await this.db
      .selectFrom('api_key')
      .select(['key_id', 'name', 'roles', 'last_used_at'])
      .where('key_hash', '=', hashToken(key))
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    if (row === undefined) return null;
    const now = this.clock.now();
    if (isOld(row.last_used_at, now)) await this.db.updateTable('api_key').set({ last_used_at: now }).where('key_id', '=', row.key_id).execute();
    return { name: row.name, staffId: null, roles: row.roles.filter(isRole) };
  }

  private async staff(request: Request): Promise<Caller | null> {
    const token = cookie(request, sessionCookie);
    if (token === null || isForged(request)) return null;
    const session = await this.db
      .selectFrom('staff_session')
      .innerJoin('staff_account', 'staff_account.staff_id', 'staff_session.staff_id')
      .innerJoin('clinic_settings', 'clinic_settings.clinic_id', 'staff_session.clinic_id')
      .select(['staff_session.staff_id', 'staff_session.session_id', 'staff_session.seen_at', 'clinic_settings.document'])
      .where('token_hash', '=', hashToken(token))
      .where('expires_at', '>', this.clock.now())
      .executeTakeFirst();
    if (session === undefined) return null;
    await this.noteSeen(session);
    const { staff } = session.document as unknown as { staff: { id: string; roles: string[] }[] };
    const person = staff.find(({ id }) => id === session.staff_id);
    return person === undefined ? null : { name: person.id, staffId: person.id, roles: person.roles.filter(isRole) };
  }

  /** So that people see which of their sessions is in use; not written for each request. */
  private async noteSeen({ session_id: id, seen_at: seenAt }: { readonly session_id: string; readonly seen_at: Date | null }): Promise<void> {
    const now = this.clock.now();
    if (isOld(seenAt, now)) await this.db.updateTable('staff_session').set({ seen_at: now }).where('session_id', '=', id).execute();
  }
}
