import { Injectable } from '@nestjs/common';
import type { Configuration, IDToken } from 'openid-client';
import { Settings } from '../config/settings.js';
import { isRole, type Role } from '../core/roles.js';
import type { ProviderAccount } from '../people/sign-in.service.js';
import { EMAIL } from './email-form.js';

/** What the browser keeps between leaving for the provider and coming back. */
export interface PendingSignIn {
  state: string;
  nonce: string;
  verifier: string;
  /** The page to come back to. */
  next: string;
}

/** How long the provider may take for an answer, seconds. */
const TIMEOUT_S = 10;

/** The library and the provider's own description: neither is loaded before somebody signs in. */
interface Client {
  oidc: typeof import('openid-client');
  configuration: Configuration;
}

/** The OpenID Connect provider: the authorization code flow with PKCE, state and nonce. */
@Injectable()
export class IdentityProvider {
  private client: Promise<Client> | undefined;

  constructor(private readonly settings: Settings) {}

  get isThere(): boolean {
    return this.settings.oidcIssuer !== '';
  }

  get name(): string {
    return this.settings.oidcName || new URL(this.settings.oidcIssuer).host;
  }

  /** Where to send the browser, and what it has to bring back. Throws when the provider does not answer. */
  async begin(next: string): Promise<{ url: string; pending: PendingSignIn }> {
    const { oidc, configuration } = await this.open();
    const pending = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
      next,
    };
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: this.redirectUri,
      scope: this.settings.oidcScopes,
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, pending };
  }

  /** Who came back. `query` is that of the redirect. Throws for whatever is no answer to this sign-in. */
  async finish(
    query: string,
    { state, nonce, verifier }: PendingSignIn,
  ): Promise<{ account: ProviderAccount; idToken: string }> {
    const { oidc, configuration } = await this.open();
    const tokens = await oidc.authorizationCodeGrant(configuration, new URL(`${this.redirectUri}${query}`), {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims || tokens.id_token === undefined) throw new Error('The provider gave no ID token.');
    return { account: this.accountOf(claims), idToken: tokens.id_token };
  }

  /** Where the browser signs out at the provider, too; null: the provider offers no such page. */
  async logoutUrl(idToken: string | undefined): Promise<string | null> {
    const { oidc, configuration } = await this.open();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return null;
    return oidc.buildEndSessionUrl(configuration, {
      post_logout_redirect_uri: `${this.settings.publicUrl}/`,
      ...(idToken !== undefined && { id_token_hint: idToken }),
    }).href;
  }

  private accountOf(claims: IDToken): ProviderAccount {
    const { oidcRoleClaim, oidcTrustEmail } = this.settings;
    const isVerified = claims.email_verified === true || oidcTrustEmail;
    const { email } = claims;
    return {
      issuer: claims.iss,
      subject: claims.sub,
      // An address that is too long or malformed belongs to nobody.
      email: typeof email === 'string' && isVerified && EMAIL.test(email) ? email : null,
      name: typeof claims.name === 'string' ? claims.name.slice(0, 200) : null,
      role: oidcRoleClaim === '' ? undefined : roleOfClaim(claims[oidcRoleClaim]),
    };
  }

  private get redirectUri(): string {
    return `${this.settings.publicUrl}/v1/sign-in/oidc/callback`;
  }

  private open(): Promise<Client> {
    this.client ??= this.load().catch((error: unknown) => {
      this.client = undefined;
      throw error;
    });
    return this.client;
  }

  private async load(): Promise<Client> {
    const { oidcIssuer, oidcClientId, oidcClientSecret } = this.settings;
    const oidc = await import('openid-client');
    const issuer = new URL(oidcIssuer);
    const authentication = oidcClientSecret === '' ? oidc.None() : oidc.ClientSecretBasic(oidcClientSecret);
    const configuration = await oidc.discovery(issuer, oidcClientId, {}, authentication, {
      timeout: TIMEOUT_S,
      // The setting's rule lets only providers on this machine be without TLS.
      ...(issuer.protocol === 'http:' && { execute: [oidc.allowInsecureRequests] }),
    });
    return { oidc, configuration };
  }
}

/** The highest role among a claim's values; null: none. */
function roleOfClaim(claim: unknown): Role | null {
  const given = (Array.isArray(claim) ? claim : [claim]).map((one: unknown) =>
    typeof one === 'string' ? one.replace(/^posthorn[-_:]/, '') : null,
  );
  const roles: readonly Role[] = ['admin', 'operator', 'support', 'viewer'];
  return roles.filter(isRole).find((role) => given.includes(role)) ?? null;
}
