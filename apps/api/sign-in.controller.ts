import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Rejected } from '#platform';
import type { Afterglow } from '../worker/afterglow.js';
import { Allow, type Caller, CallerOf, cookie, Open, readers, sessionCookie } from './access.js';
import { signIn, signOut } from './accounts.js';
import { Parse } from './requests.js';

const credentials = z.object({ email: z.string().min(1).max(254), password: z.string().min(1).max(200) });

/** A working day. On a simulated clock days pass in a second, and nobody should have to sign in for each. */
const [workingHours, simulatedHours] = [12, 24 * 400];

@ApiTags('signing in')
@Controller('v1')
export class SignInController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Post('sign-in')
  @HttpCode(200)
  @Open()
  @ApiOperation({ summary: 'Opens a session, kept in a cookie that scripts cannot read.' })
  async signIn(@Body(new Parse(credentials)) asked: z.output<typeof credentials>, @Req() request: Request, @Res({ passthrough: true }) response: Response) {
    this.refuseForeignPages(request);
    const { db, clock, config } = this.afterglow;
    const hours = config.AFTERGLOW_CLOCK === 'simulated' ? simulatedHours : workingHours;
    const { staffId, token } = await signIn(db, clock, { ...asked, hours });
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
  @Allow(...readers, 'events')
  @ApiOperation({ summary: 'Who calls.' })
  async me(@CallerOf() { name, staffId, roles }: Caller) {
    return staffId === null ? { name, staffId, roles } : this.person(staffId);
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
