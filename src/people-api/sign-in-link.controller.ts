import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Settings } from '../config/settings.js';
import { NotFound, Unauthorized } from '../core/errors.js';
import { normalEmail } from '../people/people.service.js';
import { SignInService } from '../people/sign-in.service.js';
import { Public } from '../spaces/access.js';
import { checkOwnPage } from '../spaces/person-access.js';
import { setSessionCookie } from '../spaces/session-cookie.js';
import { Mailer } from './mailer.js';
import { linkMail } from './mails.js';
import { AskForLink, UseLink } from './sign-in-link.dto.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { signInPlaceOf } from './sign-in.controller.js';

/** Signing in by a link in a mail, for the dashboard's own pages. */
@ApiExcludeController()
@Public()
@Controller('v1/sign-in/link')
export class SignInLinkController {
  constructor(
    private readonly signIn: SignInService,
    private readonly mailer: Mailer,
    private readonly throttle: SignInThrottle,
    private readonly settings: Settings,
  ) {}

  /** The response is the same for every address: the look-up begins after it. */
  @Post()
  @HttpCode(202)
  async ask(
    @Body() { email: given }: AskForLink,
    @Req() request: FastifyRequest,
  ): Promise<{ sent: 'if known' }> {
    this.check(request);
    const email = normalEmail(given);
    await this.throttle.countTry(request.ip);
    await this.throttle.countMail(email);
    const place = signInPlaceOf(request);
    this.mailer.send(async () => {
      const token = await this.signIn.linkFor(email, place);
      return token === null ? null : linkMail(email, token, this.settings.publicUrl);
    });
    return { sent: 'if known' };
  }

  /** The page asks first: programs that open links in mails do not use them up. */
  @Post('use')
  @HttpCode(204)
  async use(
    @Body() { token }: UseLink,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    this.check(request);
    await this.throttle.countTry(request.ip);
    const session = await this.signIn.byLink(token, signInPlaceOf(request));
    if (typeof session === 'string')
      throw new Unauthorized('This link was used before, or is too old. Ask for a new one.');
    setSessionCookie(reply, session, this.settings);
  }

  /** Another site could otherwise sign its visitors in as somebody else. */
  private check(request: FastifyRequest): void {
    if (!this.mailer.isThere) throw new NotFound('way to sign in');
    checkOwnPage(request, this.settings.publicUrl);
  }
}
