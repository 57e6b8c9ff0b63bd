import { Controller, Get, HttpCode, Logger, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Settings } from '../config/settings.js';
import { NotFound } from '../core/errors.js';
import { SessionLookup } from '../people/session-lookup.js';
import { SignInService, type Refusal } from '../people/sign-in.service.js';
import { Public } from '../spaces/access.js';
import { checkOwnPage } from '../spaces/person-access.js';
import { sessionTokenOf, setSessionCookie } from '../spaces/session-cookie.js';
import { setPendingSignIn, pageOf, takePendingSignIn } from './pending-sign-in-cookie.js';
import { IdentityProvider } from './identity-provider.js';
import { keepIdToken, takeIdToken } from './logout-cookie.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { SignInWays } from './sign-in.dto.js';

type Problem = Refusal | 'failed' | 'provider';

/** Signing in at the identity provider, as browsers go through it. */
@ApiTags('People')
@Public()
@Controller('v1/sign-in')
export class SignInController {
  private readonly logger = new Logger('sign-in');

  constructor(
    private readonly provider: IdentityProvider,
    private readonly signIn: SignInService,
    private readonly sessions: SessionLookup,
    private readonly throttle: SignInThrottle,
    private readonly settings: Settings,
  ) {}

  /** Read how people can sign in */
  @Get()
  async ways(@Req() request: FastifyRequest): Promise<SignInWays> {
    const { provider, settings } = this;
    const token = sessionTokenOf(request, settings);
    return {
      oidc: provider.isThere ? { name: provider.name } : null,
      link: settings.smtpUrl !== '',
      signedIn: token !== undefined && (await this.sessions.find(token)) !== null,
    };
  }

  /** To the provider. */
  @Get('oidc')
  @ApiExcludeEndpoint()
  async begin(
    @Query('next') next: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!this.provider.isThere) throw new NotFound('way to sign in');
    await this.throttle.countTry(request.ip);
    try {
      const { url, pending } = await this.provider.begin(pageOf(next));
      setPendingSignIn(reply, pending, this.settings);
      await reply.redirect(url, 302);
    } catch (error) {
      this.logger.warn(`The identity provider does not answer: ${reasonOf(error)}`);
      await this.back(reply, '/', 'provider');
    }
  }

  /** Back from the provider. */
  @Get('oidc/callback')
  @ApiExcludeEndpoint()
  async finish(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!this.provider.isThere) throw new NotFound('way to sign in');
    await this.throttle.countTry(request.ip);
    const pending = takePendingSignIn(request, reply, this.settings);
    if (!pending) return this.back(reply, '/', 'failed');
    const answer = await this.provider.finish(queryOf(request.url), pending).catch((error: unknown) => {
      this.logger.warn(`A sign-in failed: ${reasonOf(error)}`);
      return null;
    });
    if (!answer) return this.back(reply, pending.next, 'failed');
    const session = await this.signIn.byAccount(answer.account, signInPlaceOf(request));
    if (typeof session === 'string') return this.back(reply, pending.next, session);
    setSessionCookie(reply, session, this.settings);
    if (this.settings.oidcLogout) keepIdToken(reply, answer.idToken, this.settings);
    return this.back(reply, pending.next);
  }

  /** Where the dashboard goes after it has ended its session, to sign out at the provider. */
  @Post('oidc/logout')
  @HttpCode(200)
  @ApiExcludeEndpoint()
  async logout(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ url: string | null }> {
    checkOwnPage(request, this.settings.publicUrl);
    const idToken = takeIdToken(request, reply, this.settings);
    if (idToken === null || !this.provider.isThere) return { url: null };
    const url = await this.provider.logoutUrl(idToken).catch((error: unknown) => {
      this.logger.warn(`The identity provider does not answer: ${reasonOf(error)}`);
      return null;
    });
    return { url };
  }

  private async back(reply: FastifyReply, page: string, problem?: Problem): Promise<void> {
    const query = problem === undefined ? '' : `?sign-in=${problem}`;
    await reply.redirect(`${this.settings.publicUrl}/${query}#${page}`, 303);
  }
}

/** The origin of a sign-in, for its session and the audit log. */
export function signInPlaceOf({ ip, headers, id }: FastifyRequest) {
  return { ip, userAgent: headers['user-agent']?.slice(0, 256) ?? null, requestId: id };
}

function queryOf(url: string): string {
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at);
}

/** Without tokens and codes from the provider's response. */
function reasonOf(error: unknown): string {
  const { code, error: refusal, message } = error as { code?: string; error?: string; message?: string };
  return [refusal ?? code, message].filter(Boolean).join(': ');
}
