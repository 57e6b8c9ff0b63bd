import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { eventually } from '../support/condition.js';
import { fixture, pair, startReceiver, type Receiver } from '../support/receiver.js';
import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

const CERTIFICATE = fixture('client.pem');
const KEY = fixture('client-key.pem');
const CA_FILE = new URL('../fixtures/tls/ca.pem', import.meta.url).pathname;

describe('what an endpoint knows Posthorn by', () => {
  const settings = { egressCaFile: CA_FILE, retrySchedule: [] };
  const { engine, tenant, receiver } = useStory({ settings });
  const publish = () => tenant.publish({ type: 'lead.create', data: {} });

  async function refused(body: object): Promise<string[]> {
    const answer = await engine.call<Problem>('POST', tenant.path('/subscriptions'), {
      url: receiver.url,
      ...body,
    });
    expect(answer.status).toBe(422);
    return (answer.body.errors ?? []).map(({ path, code }) => `${path} ${code}`);
  }

  async function attemptOf(subscription: string): Promise<Record<string, unknown>> {
    return eventually(async () => {
      const [delivery] = await tenant.deliveries(`?subscription=${subscription}`);
      if (!delivery || delivery.attemptCount === 0) throw new Error('There is no attempt yet.');
      return engine.ok('GET', tenant.path(`/deliveries/${delivery.id}/attempts/1`));
    });
  }

  describe('a client certificate', () => {
    let url: string;
    let close: () => Promise<unknown>;
    const clients: string[] = [];
    beforeAll(async () => {
      const server = createServer(
        { ...pair('localhost'), ca: fixture('client-ca.pem'), requestCert: true },
        (request, response) => {
          clients.push((request.socket as TLSSocket).getPeerCertificate().subject.CN as string);
          response.end();
        },
      );
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      url = `https://localhost:${(server.address() as AddressInfo).port}/`;
      close = () => {
        server.closeAllConnections();
        server.close();
        return once(server, 'close');
      };
    });
    afterAll(() => close());

    it('is presented to the endpoint, shown without its key, and can be removed', async () => {
      const bare = await tenant.subscribe(url);
      expect(await tenant.subscription(bare.id)).toMatchObject({ clientCertificate: null, oauth2: null });
      const { id } = await tenant.subscribe(url, {
        clientCertificate: { certificate: CERTIFICATE, key: KEY },
      });
      expect(await tenant.subscription(id)).toMatchObject({
        clientCertificate: {
          subject: 'O=Example, CN=posthorn-client',
          issuer: 'CN=Posthorn test clients',
          notAfter: expect.stringMatching(/^21\d\d-/) as string,
          fingerprint: expect.stringMatching(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/) as string,
        },
      });
      await publish();
      expect(await attemptOf(id)).toMatchObject({ statusCode: 200 });
      expect(await attemptOf(bare.id)).toMatchObject({ statusCode: null, errorCode: 'tls_error' });
      expect(clients).toEqual(['posthorn-client']);
      const text = JSON.stringify(await engine.ok('GET', tenant.path('/subscriptions')));
      expect(text).not.toContain('PRIVATE KEY');
      await engine.ok('PATCH', tenant.path(`/subscriptions/${id}`), { clientCertificate: null });
      expect(await tenant.subscription(id)).toMatchObject({ clientCertificate: null });
    });

    it('is refused with the reason', async () => {
      const of = (certificate: string, key: string) => refused({ clientCertificate: { certificate, key } });
      const encrypted = createPrivateKey(KEY).export({
        ...{ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
      }) as string;
      expect(await of('nonsense', KEY)).toEqual(['clientCertificate.certificate invalid_certificate']);
      expect(await of(CERTIFICATE, 'nonsense')).toEqual(['clientCertificate.key invalid_key']);
      expect(await of(CERTIFICATE, encrypted)).toEqual(['clientCertificate.key encrypted_key']);
      expect(await of(CERTIFICATE, pair('localhost').key)).toEqual(['clientCertificate.key key_mismatch']);
      const { cert, key } = pair('expired');
      expect(await of(cert, key)).toEqual(['clientCertificate.certificate certificate_expired']);
      expect(await refused({ clientCertificate: { certificate: CERTIFICATE } })).toEqual([
        expect.stringMatching(/^clientCertificate\.key /),
      ]);
    });
  });

  describe('an OAuth2 client', () => {
    let server: Receiver;
    let token: string;
    beforeEach(async () => {
      token = 'first-access-token';
      server = await startReceiver(() => ({
        body: JSON.stringify({ access_token: token, expires_in: 3600 }),
      }));
    });
    afterEach(() => server.close());
    const oauth2 = () => ({ tokenUrl: server.url, clientId: 'me', clientSecret: 'oauth-client-secret' });

    it('proves requests by tokens, of which the log keeps nothing', async () => {
      receiver.answer = ({ headers }) => ({ status: 400, body: `You sent ${headers.authorization}.` });
      const { id } = await tenant.subscribe(receiver.url, {
        oauth2: oauth2(),
        headers: { Authorization: 'Basic own' },
      });
      await publish();
      const attempt = await attemptOf(id);
      expect(receiver.requests[0]?.headers.authorization).toBe('Bearer first-access-token');
      expect(attempt).toMatchObject({ errorCode: 'http_400' });
      const text = JSON.stringify(attempt);
      expect(text).toMatch(/authorization/i);
      expect(text).not.toMatch(/first-access-token|Basic own|oauth-client-secret/);
      const view = await tenant.subscription(id);
      expect(view).toMatchObject({
        oauth2: {
          ...{ tokenUrl: server.url, clientId: 'me', scope: null, audience: null },
          authMethod: 'client_secret_basic',
        },
      });
      expect(JSON.stringify(view)).not.toContain('oauth-client-secret');
      await engine.ok('PATCH', tenant.path(`/subscriptions/${id}`), { oauth2: null });
      expect(await tenant.subscription(id)).toMatchObject({ oauth2: null });
    });

    it('gets another token once when the endpoint refuses the one it has', async () => {
      receiver.answer = ({ headers }) => ({
        status: headers.authorization === `Bearer ${token}` ? 200 : 401,
      });
      const { id } = await tenant.subscribe(receiver.url, { oauth2: oauth2() });
      await publish();
      await receiver.received(1);
      const since = performance.now();
      await eventually(() => expect(performance.now() - since).toBeGreaterThan(1_000));
      token = 'second-access-token';
      await publish();
      await eventually(async () => {
        const found = await tenant.deliveries(`?subscription=${id}&status=succeeded`);
        expect(found.map(({ attemptCount }) => attemptCount)).toEqual([1, 1]);
      });
      expect(server.requests).toHaveLength(2);
      expect(receiver.requests).toHaveLength(3);
    });

    it('says what the token server answered when there is no token', async () => {
      server.answer = () => ({ status: 401, body: '{"error":"invalid_client"}' });
      const { id } = await tenant.subscribe(receiver.url, { oauth2: oauth2() });
      await publish();
      expect(await attemptOf(id)).toMatchObject({
        statusCode: null,
        errorCode: 'oauth2_token_failed',
        errorDetail: expect.stringContaining('It answered 401: invalid_client.') as string,
      });
      expect(receiver.requests).toHaveLength(0);
      expect(await tenant.subscription(id)).toMatchObject({ failureCount: 1 });
    });

    it('waits no longer for a token than the attempt may take', async () => {
      server.answer = () => ({ delayMs: 60_000 });
      const { id } = await tenant.subscribe(receiver.url, { oauth2: oauth2(), timeoutMs: 1_000 });
      await publish();
      expect(await attemptOf(id)).toMatchObject({ errorCode: 'oauth2_token_failed' });
    });

    it('is refused with the reason', async () => {
      const of = (more: object) => refused({ oauth2: { ...oauth2(), ...more } });
      expect(await of({ tokenUrl: 'http://10.0.0.1/token' })).toEqual(['oauth2.tokenUrl blocked_address']);
      expect(await of({ clientSecret: 'a\r\nb' })).toEqual(['oauth2.clientSecret invalid_value']);
      expect(await of({ clientSecret: undefined })).toEqual([
        expect.stringMatching(/^oauth2\.clientSecret /),
      ]);
      expect(await of({ authMethod: 'none' })).toEqual([expect.stringMatching(/^oauth2\.authMethod /)]);
    });
  });
});
