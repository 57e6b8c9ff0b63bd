import { tokenOwner, type OAuth2Client } from '../../src/core/oauth2.js';
import { OAuth2Tokens } from '../../src/outbound/oauth2-tokens.js';
import { refusedPort, type Reply } from '../support/receiver.js';
import { httpProxy, rawReceiver, receiver, sender } from '../support/sending.js';
import { proxyAt } from '../support/egress-proxies.js';

const CLIENT = { clientId: 'my client', clientSecret: 's3cret/+&' };

/** Tokens from a token server that answers like this. */
async function tokensFrom(answer: () => Reply | object, more: Partial<OAuth2Client> = {}) {
  const server = await receiver(() => {
    const given = answer();
    return 'status' in given || 'body' in given ? given : { body: JSON.stringify(given) };
  });
  const owner = tokenOwner('space', { ...CLIENT, tokenUrl: server.url, ...more });
  return { server, owner, tokens: new OAuth2Tokens(sender()) };
}

const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'there is a token',
    (error: unknown) => `${(error as { errorCode: string }).errorCode} ${(error as Error).message}`,
  );

describe('tokens of an OAuth2 client', () => {
  it('are asked for as RFC 6749 says, and kept', async () => {
    const { server, owner, tokens } = await tokensFrom(() => ({ access_token: 'abc', expires_in: 3600 }), {
      scope: 'a b',
      audience: 'https://api.example',
    });
    const all = await Promise.all(Array.from({ length: 50 }, () => tokens.get(owner)));
    expect(new Set(all)).toEqual(new Set(['abc']));
    await tokens.get(owner);
    expect(server.requests).toHaveLength(1);
    const [request] = server.requests;
    expect(request?.body.toString()).toBe(
      'grant_type=client_credentials&scope=a+b&audience=https%3A%2F%2Fapi.example',
    );
    const basic = Buffer.from('my+client:s3cret%2F%2B%26').toString('base64');
    expect(request?.headers).toMatchObject({
      authorization: `Basic ${basic}`,
      'content-type': 'application/x-www-form-urlencoded',
    });
  });

  it('are asked for with the secret in the body where the server wants that', async () => {
    const { server, owner, tokens } = await tokensFrom(() => ({ access_token: 'abc' }), {
      authMethod: 'client_secret_post',
    });
    await tokens.get(owner);
    expect(Object.fromEntries(new URLSearchParams(server.requests[0]?.body.toString()))).toEqual({
      grant_type: 'client_credentials',
      client_id: CLIENT.clientId,
      client_secret: CLIENT.clientSecret,
    });
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  it.each([
    ['soon', 0.05, 2],
    ['later', 3600, 1],
    ['at a time that is not told', undefined, 1],
    ['before they begin', -5, 1],
    ['in a thousand years', 1e15, 1],
    ['at no number', 'never', 1],
    ['later, told as text', '3600', 1],
  ])('that end %s', async (_, expires_in, requests) => {
    const { server, owner, tokens } = await tokensFrom(() => ({ access_token: 'abc', expires_in }));
    await tokens.get(owner);
    const until = performance.now() + 40;
    while (performance.now() < until) await new Promise(setImmediate);
    expect(await tokens.get(owner)).toBe('abc');
    expect(server.requests).toHaveLength(requests);
  });

  it('are replaced once when the endpoint refuses them, by one request for all', async () => {
    let n = 0;
    const { server, owner, tokens } = await tokensFrom(() => ({ access_token: `t${(n += 1)}` }));
    const old = await tokens.get(owner);
    // A token that was made just now is not replaced.
    expect(await tokens.replace(owner, old)).toBeNull();
    const until = performance.now() + 1_000;
    while (performance.now() < until) await new Promise(setImmediate);
    const others = await Promise.all(Array.from({ length: 10 }, () => tokens.replace(owner, old)));
    expect(new Set(others)).toEqual(new Set(['t2']));
    expect(server.requests).toHaveLength(2);
  });

  it('are not shared by spaces, and few are kept', async () => {
    const { server, owner, tokens } = await tokensFrom(() => ({ access_token: 'abc' }));
    await tokens.get(owner);
    await tokens.get(tokenOwner('another', owner.client));
    expect(server.requests).toHaveLength(2);
    for (let n = 0; n < 10_000; n += 250)
      await Promise.all(
        Array.from({ length: 250 }, (_, at) =>
          tokens.get(tokenOwner('space', { ...owner.client, clientId: `c${n + at}` })),
        ),
      );
    expect(tokens.size).toBe(5_000);
  }, 60_000);
});

describe('a token server that does not behave', () => {
  it.each<[what: string, answer: Reply, told: string]>([
    ['refuses', { status: 401, body: '{"error":"invalid_client"}' }, 'It answered 401: invalid_client.'],
    ['repeats the secret', { status: 400, body: `{"error":"${CLIENT.clientSecret}"}` }, 'It answered 400.'],
    ['fails', { status: 503, body: '<html>' }, 'It answered 503.'],
    ['redirects', { status: 302, headers: { location: 'http://127.0.0.1/' } }, 'redirects are not followed'],
    ['answers megabytes', { body: 'x'.repeat(3_000_000) }, 'too long'],
    ['answers no JSON', { body: 'access_token=abc' }, 'not a JSON object'],
    ['answers null', { body: 'null' }, 'not a JSON object'],
    ['gives no token', { body: '{}' }, 'no access_token'],
    ['gives another type', { body: '{"access_token":"abc","token_type":"mac"}' }, 'token_type is not Bearer'],
    ['breaks the header', { body: '{"access_token":"abc\\r\\nx-evil: 1"}' }, 'characters'],
    ['gives a huge token', { body: `{"access_token":"${'a'.repeat(20_000)}"}` }, 'too long'],
  ])('%s', async (_, answer, told) => {
    const { owner, tokens } = await tokensFrom(() => answer);
    const message = await messageOf(tokens.get(owner));
    expect(message).toMatch(/^oauth2_token_failed /);
    expect(message).toContain(told);
    expect(message).not.toMatch(/s3cret|evil|aaa|xxx/);
  });

  it('is not asked by each request while it fails', async () => {
    const { server, owner, tokens } = await tokensFrom(() => ({ status: 500 }));
    for (let n = 0; n < 5; n += 1) await messageOf(tokens.get(owner));
    expect(server.requests).toHaveLength(1);
  });

  it('closes the connection, or leads to an address that may not be opened', async () => {
    const closing = await rawReceiver((socket) => socket.destroy());
    const tokens = new OAuth2Tokens(sender());
    const ask = (tokenUrl: string) => messageOf(tokens.get(tokenOwner('space', { ...CLIENT, tokenUrl })));
    expect(await ask(closing.url)).toContain('oauth2_token_failed');
    expect(await ask('http://169.254.169.254/token')).toContain('blocked_address');
  });

  it('is reached through the egress proxy, whose faults are not its own', async () => {
    const proxy = await httpProxy();
    const server = await receiver(() => ({ body: '{"access_token":"abc"}' }));
    const owner = tokenOwner('space', { ...CLIENT, tokenUrl: server.url });
    const through = sender({ egress: { proxy: proxyAt(`http://127.0.0.1:${proxy.port}`) } });
    expect(await new OAuth2Tokens(through).get(owner)).toBe('abc');
    expect(proxy.asked).toEqual([`127.0.0.1:${server.port}`]);
    const away = sender({ egress: { proxy: proxyAt(`http://127.0.0.1:${await refusedPort()}`) } });
    const tokens = new OAuth2Tokens(away);
    const failing = messageOf(tokens.get(owner));
    expect(await failing).toMatch(/^proxy_unreachable /);
  });
});
