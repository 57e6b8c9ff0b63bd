import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Provider } from 'oidc-provider';

/** What the provider says of an account. */
export type Claims = Record<string, unknown>;

/** A certified OpenID Connect provider on this machine, at which everybody is signed in as `account`. */
export class TestProvider {
  static readonly client = { id: 'posthorn', secret: 'a secret of the client' };
  issuer = '';
  /** Who sits before the browser; null: somebody who says no. */
  account: string | null = null;
  /** The claims of accounts. */
  readonly claims = new Map<string, Claims>();
  private server!: Server;

  async open(redirectUri: string): Promise<void> {
    let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
    this.server = createServer((request, response) => handle(request, response));
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.issuer = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    const provider = await quietly(() => this.make(redirectUri));
    const answer = provider.callback();
    handle = (request, response) => {
      if (request.url?.startsWith('/interaction/')) void this.interact(provider, request, response);
      else void answer(request, response);
    };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async make(redirectUri: string): Promise<Provider> {
    const { Provider } = await import('oidc-provider');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = { ...privateKey.export({ format: 'jwk' }), use: 'sig', kid: 'one' };
    const provider: Provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: TestProvider.client.id,
          client_secret: TestProvider.client.secret,
          redirect_uris: [redirectUri],
          post_logout_redirect_uris: [`${new URL(redirectUri).origin}/`],
        },
      ],
      jwks: { keys: [key] },
      cookies: { keys: ['of this test'] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'roles'] },
      ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
      conformIdTokenClaims: false,
      pkce: { required: () => true },
      features: {
        devInteractions: { enabled: false },
        rpInitiatedLogout: {
          logoutSource: (context, form) => {
            context.body = `<!doctype html><title>Sign out</title>${form}
              <button type="submit" form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button>`;
          },
        },
      },
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      findAccount: (_context, id) => ({
        accountId: id,
        claims: () => ({ sub: id, ...this.claims.get(id) }),
      }),
      loadExistingGrant: async (context) => {
        const { client, session } = context.oidc;
        if (!client || !session?.accountId) return undefined;
        const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
      },
    });
    return provider;
  }

  private async interact(
    provider: Provider,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const result =
      this.account === null
        ? { error: 'access_denied', error_description: 'They said no.' }
        : { login: { accountId: this.account, remember: false } };
    await provider.interactionFinished(request, response, result);
  }
}

/** It says of itself that it keeps everything in memory, and more that does not matter here. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { warn, info } = console;
  Object.assign(console, { warn: () => undefined, info: () => undefined });
  try {
    return await work();
  } finally {
    Object.assign(console, { warn, info });
  }
}
