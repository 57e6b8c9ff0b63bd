import { Database } from '../../src/database/database.js';
import type { Role } from '../../src/core/roles.js';
import { parsePublicId } from '../../src/core/ids.js';
import { SessionsService } from '../../src/people/sessions.service.js';
import type { Answer, Engine } from './engine.js';

let count = 0;

/** Somebody who is signed in, as a browser is: by a cookie, without a key. */
export class SignedIn {
  private constructor(
    private readonly engine: Engine,
    readonly id: string,
    readonly email: string,
    readonly token: string,
  ) {}

  /** Signs somebody in past the provider and the mail. `role`: in all spaces. */
  static async as(
    engine: Engine,
    role: Role | null,
    email = `p${(count += 1)}@example.com`,
  ): Promise<SignedIn> {
    const { id } = await engine.ok<{ id: string }>('POST', '/v1/people', { email, role });
    return SignedIn.again(engine, id, email);
  }

  /** One more session, in a browser that calls itself so. */
  static async again(engine: Engine, id: string, email: string, userAgent = 'test'): Promise<SignedIn> {
    const app = engine.apis[0] as (typeof engine.apis)[0];
    const place = { ip: '192.0.2.1', userAgent, requestId: null };
    const personId = parsePublicId('usr', id) as string;
    const { token } = await app
      .get(Database)
      .managerTransaction((manager) =>
        app.get(SessionsService, { strict: false }).start(manager, personId, 'link', place),
      );
    return new SignedIn(engine, id, email, token);
  }

  async inSpace(space: string, role: Role): Promise<this> {
    await this.engine.ok('PUT', `/v1/spaces/${space}/people/${this.id}`, { role });
    return this;
  }

  /** A request as the dashboard sends it. */
  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    return callWithCookie(this.engine, this.token, [method, path, body], {
      'x-posthorn-client': 'dashboard',
      ...headers,
    });
  }
}

export async function callWithCookie<T>(
  engine: Engine,
  token: string,
  [method, path, body]: readonly [string, string, unknown?],
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const response = await fetch(engine.url + path, {
    method,
    headers: {
      cookie: `posthorn_session=${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: (json && text ? JSON.parse(text) : text) as T,
  };
}
