import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Rejected } from '#platform';
import type { Afterglow } from '../worker/afterglow.js';
import { Allow, type Caller, CallerOf, cookie, Open, readers, sessionCookie } from './access.js';
import { Answers } from './answers.js';
import {
  ended as endedAnswer,
  me as meAnswer,
  newFactor as newFactorAnswer,
  openSessionPage as openSessionPageAnswer,
  secondFactor as secondFactorAnswer,
} from './answers/access.js';
import { endOtherSessions, endSession, openSessions, signIn, signOut } from './accounts.js';
import { Secret } from './idempotency.js';
import { found, Parse, Takes } from './requests.js';
import { beginSecondFactor, confirmSecondFactor, endSecondFactor, hasSecondFactor } from './second-factor.js';

const credentials = z.object({ email: z.string().min(1).max(254), password: z.string().min(1).max(200), code: z.string().max(20).optional() });
const oneCode = z.object({ code: z.string().min(6).max(20) });

/** A working day. On a simulated clock days pass in a second, and nobody should have to sign in for each. */
const [workingHours, simulatedHours] = [12, 24 * 400];

/** Sessions and codes belong to people. @throws Rejected `not_a_person` for a machine with a key. */
function staffIdOf({ staffId }: Caller): string {
  if (staffId === null) throw new Rejected('not_a_person', 'An API key has no sessions and no second factor.', { status: 403 });
  return staffId;
}

@ApiTags('signing in')
@Controller('v1')
export class SignInController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Post('sign-in')
  @Answers(meAnswer)
  @Takes(credentials)
  @HttpCode(200)
  @Open()
  @ApiOperation({ summary: 'Opens a session, kept in a cookie that scripts cannot read.' })
  async signIn(@Body(new Parse(credentials)) asked: z.output<typeof credentials>, @Req() request: Request, @Res({ passthrough: true }) response: Response) {
    this.refuseForeignPages(request);
    const hours = this.afterglow.config.AFTERGLOW_CLOCK === 'simulated' ? simulatedHours : workingHours;
    const { staffId, token } = await signIn(this.afterglow, { ...asked, hours, userAgent: request.headers['user-agent'] });
    response.cookie(sessionCookie, token, { ...this.cookieAttributes(), maxAge: hours * 3_600_000 });
    return this.person(staffId);
  }

  @Post('sign-out')
  @HttpCode(204)
  @Open()
  @ApiOperation({ summary: 'Ends the session.' })
  async signOut(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    const token = cookie(request, sessionCookie);
    if (token !== null) await signOut(this.afterglow.db, token);
    response.clearCookie(sessionCookie, this.cookieAttributes());
  }

  @Get('me')
  @Answers(meAnswer)
  @Allow(...readers, 'events')
  @ApiOperation({ summary: 'Who calls.' })
  async me(@CallerOf() { name, staffId, roles }: Caller) {
    return staffId === null ? { name, staffId, roles } : this.person(staffId);
  }

  @Get('me/sessions')
  @Answers(openSessionPageAnswer)
  @Allow(...readers)
  @ApiOperation({ summary: 'Where the caller is signed in.' })
  async sessions(@CallerOf() caller: Caller, @Req() request: Request) {
    return { items: await openSessions(this.afterglow, staffIdOf(caller), cookie(request, sessionCookie) ?? ''), next: null };
  }

  @Delete('me/sessions/:id')
  @HttpCode(204)
  @Allow(...readers)
  @ApiOperation({ summary: 'Signs one device out.' })
  async endSession(@Param('id', new Parse(z.uuid())) id: string, @CallerOf() caller: Caller): Promise<void> {
    found((await endSession(this.afterglow.db, staffIdOf(caller), id)) || null, 'session');
  }

  @Post('me/sign-out-everywhere')
  @Answers(endedAnswer)
  @HttpCode(200)
  @Allow(...readers)
  @ApiOperation({ summary: 'Signs every other device out.' })
  async endOthers(@CallerOf() caller: Caller, @Req() request: Request) {
    return { ended: await endOtherSessions(this.afterglow.db, staffIdOf(caller), cookie(request, sessionCookie) ?? '') };
  }

  @Get('me/second-factor')
  @Answers(secondFactorAnswer)
  @Allow(...readers)
  @ApiOperation({ summary: 'Whether a code is asked for at sign-in.' })
  async secondFactor(@CallerOf() caller: Caller) {
    return { on: await hasSecondFactor(this.afterglow, staffIdOf(caller)) };
  }

  @Post('me/second-factor')
  @Answers(newFactorAnswer)
  @Secret()
  @HttpCode(200)
  @Allow(...readers)
  @ApiOperation({ summary: 'A secret for an authenticator app; it counts once a code confirms it.' })
  async beginFactor(@CallerOf() caller: Caller) {
    const { name } = await this.afterglow.clinic();
    return beginSecondFactor(this.afterglow, staffIdOf(caller), name, staffIdOf(caller));
  }

  @Post('me/second-factor/confirm')
  @Takes(oneCode)
  @HttpCode(204)
  @Allow(...readers)
  @ApiOperation({ summary: 'Puts the second factor in force.' })
  async confirmFactor(@Body(new Parse(oneCode)) { code }: z.output<typeof oneCode>, @CallerOf() caller: Caller): Promise<void> {
    await confirmSecondFactor(this.afterglow, staffIdOf(caller), code);
  }

  @Post('me/second-factor/end')
  @Takes(oneCode)
  @HttpCode(204)
  @Allow(...readers)
  @ApiOperation({ summary: 'Takes the second factor away.' })
  async endFactor(@Body(new Parse(oneCode)) { code }: z.output<typeof oneCode>, @CallerOf() caller: Caller): Promise<void> {
    await endSecondFactor(this.afterglow, staffIdOf(caller), code);
  }

  private async person(staffId: string) {
    const { staff } = await this.afterglow.clinic();
    const found = staff.find(({ id }) => id === staffId);
    if (found === undefined) throw new Rejected('wrong_sign_in', 'This account belongs to nobody who works here any more.', { status: 401 });
    return { name: found.name, staffId, roles: found.roles };
  }

  /** Another site's page must not sign a browser in under an account of its choice. */
  private refuseForeignPages(request: Request): void {
    const site = request.headers['sec-fetch-site'];
    if (site === 'cross-site' || site === 'same-site') throw new Rejected('forbidden', 'Sign in on the page of the clinic itself.', { status: 403 });
  }

  private cookieAttributes() {
    return { httpOnly: true, sameSite: 'strict', secure: this.afterglow.config.PUBLIC_URL.startsWith('https:'), path: '/' } as const;
  }
}
