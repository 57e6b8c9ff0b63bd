import { join } from 'node:path';
import { eventually } from '../support/condition.js';
import { NodeProcess } from '../support/node-process.js';
import { refusedPort, startReceiver } from '../support/receiver.js';
import { useStory } from '../support/story.js';

describe('the posthorn command', () => {
  const { engine, receiver } = useStory();

  async function posthorn(...args: string[]) {
    const env = { POSTHORN_URL: engine.url, POSTHORN_KEY: engine.adminKey, POSTHORN_SPACE: 'acme' };
    const run = NodeProcess.run('dist/src/cli/posthorn.js', args, env);
    const code = await run.ended;
    return { code, out: run.stdout, err: run.stderr.replace(/\(node:.*\n|\(Use .*\n/g, '') };
  }

  it('publishes under a key: the same again changes nothing', async () => {
    await posthorn('spaces', 'create', 'Keyed', '--uid', 'keyed');
    const publish = (data: string) =>
      posthorn(
        ...['events', 'publish', 'lead.create', '--space', 'keyed', '--json'],
        ...['--idempotency-key', 'nightly-7', '--data', data],
      );
    const [first, again] = [await publish('{"id":"1"}'), await publish('{"id":"1"}')];
    const read = ({ out }: { out: string }) => JSON.parse(out) as { id: string; duplicate: boolean };
    expect(read(again)).toMatchObject({ id: read(first).id, duplicate: true });
    expect(await publish('{"id":"2"}')).toMatchObject({ code: 1 });
  });

  it('lists all, however many, and says when --limit leaves some out', async () => {
    await posthorn('spaces', 'create', 'Large', '--uid', 'large');
    const path = '/v1/spaces/large/subscriptions';
    for (let n = 1; n <= 251; n += 1)
      await engine.ok('POST', path, { url: receiver.url, uid: `sub-${n}`, events: ['lead.create'] });
    const { out } = await posthorn('subs', 'list', '--space', 'large');
    expect(new Set(out.match(/ sub-\d+ /g)).size).toBe(251);
    const all = JSON.parse((await posthorn('subs', 'list', '--space', 'large', '--json')).out) as {
      data: object[];
    };
    expect(all).toMatchObject({ nextCursor: null });
    expect(all.data).toHaveLength(251);
    await posthorn('events', 'publish', 'lead.create', '--space', 'large');
    const some = await posthorn('deliveries', 'list', '--limit', '5', '--space', 'large');
    expect(some.err).toBe('There are more than these 5. Use filters, or --limit up to 250.\n');
    await engine.ok('DELETE', '/v1/spaces/large');
  });

  it('gives an endpoint a filter with all digits, and says what is wrong with one', async () => {
    await posthorn('spaces', 'create', 'Filtered', '--uid', 'filtered');
    const create = (filter: string, ...more: string[]) =>
      posthorn(
        ...['subscriptions', 'create', 'https://example.com/', '--space', 'filtered', '--json'],
        ...['--filter', filter, '--description', 'big leads', ...more],
      );
    const made = await create('{"id":9007199254740993}', '--uid', 'sub');
    expect(made.out).toContain('"filter":{"id":9007199254740993}');
    expect(JSON.parse(made.out)).toMatchObject({ description: 'big leads' });
    expect((await create('{id:1}')).err).toBe('--filter is not valid JSON: {id:1}\n');
    expect((await create('{"id":{"eq":1}}')).err).toContain('For equality, give the value itself');
    const all = await posthorn(
      ...['subscriptions', 'update', 'sub', '--filter', 'null', '--space', 'filtered', '--json'],
    );
    expect(JSON.parse(all.out)).toMatchObject({ filter: null });
  });

  it('says which space was not found, and how to see all', async () => {
    expect((await posthorn('subscriptions', 'list', '--space', 'nope')).err).toBe(
      'The space was not found. (404)\n' +
        '  "nope" is none that this key may use. `posthorn spaces list` shows all (admin key).\n',
    );
  });

  it('explains a failure, previews a request, and changes the pace of a job', async () => {
    await posthorn('spaces', 'create', 'Explained', '--uid', 'explained');
    const here = ['--space', 'explained', '--json'];
    const read = <T>({ out }: { out: string }) => JSON.parse(out) as T;
    await posthorn(
      'subscriptions',
      'create',
      `http://127.0.0.1:${await refusedPort()}/`,
      '--uid',
      'sub',
      ...here,
    );
    const shown = await posthorn(
      'subscriptions',
      'preview',
      'sub',
      '--space',
      'explained',
      '--data',
      '{"price":1.5}',
    );
    expect(shown.out).toMatch(/^It would get this [\w.]+\.\n {2}yes {2}event_type\n/);
    expect(shown.out).toMatch(/\nwebhook-signature: v1,.+\n\n.*"price":1\.5/s);
    await posthorn('events', 'publish', 'lead.create', ...here);
    const { id } = await eventually(async () => {
      const page = read<{ data: { id: string; attemptCount: number }[] }>(
        await posthorn('deliveries', 'list', ...here),
      );
      const [first] = page.data;
      return first !== undefined && first.attemptCount > 0 && first;
    });
    const explained = await posthorn('deliveries', 'explain', id, '--space', 'explained');
    expect(explained.out).toContain('Nothing listens at the address and port');
    await posthorn('subscriptions', 'pause', 'sub', ...here);
    const drain = await posthorn('subscriptions', 'drain', 'sub', '--per-second', '1', ...here);
    expect(read(drain)).toMatchObject({ kind: 'drain', perSecond: 1 });
    const { id: job } = read<{ id: string }>(
      await posthorn(
        ...['subscriptions', 'replay', 'sub', '--since', '2020-01-01T00:00:00Z', '--per-second', '1'],
        ...['--statuses', 'none', 'failed', '--types', 'lead.*', ...here],
      ),
    );
    expect(job).toMatch(/^job_/);
    const path = '/v1/spaces/explained/subscriptions/sub/replay';
    const wanted = { since: '2020-01-01T00:00:00Z', delaySeconds: 600 };
    const later = await engine.ok<{ id: string }>('POST', path, wanted);
    const change = async (...args: string[]) => read(await posthorn('jobs', ...args, ...here));
    expect(await change('pace', later.id, '5')).toMatchObject({ perSecond: 5, pausedAt: null });
    expect(await change('pace', later.id, 'none')).toMatchObject({ perSecond: null });
    expect(await change('pause', later.id)).toMatchObject({ pausedAt: expect.any(String) });
    expect(await change('continue', later.id)).toMatchObject({ pausedAt: null });
  });

  it('broadcasts to the spaces with a tag', async () => {
    await posthorn('spaces', 'create', 'Epsilon', '--uid', 'epsilon', '--tag', 'beta', 'eu');
    await posthorn('spaces', 'create', 'Zeta', '--uid', 'zeta');
    expect((await posthorn('spaces', 'list', '--tag', 'beta')).out).toMatch(
      /epsilon +Epsilon +native +beta eu/,
    );
    const broadcast = (...more: string[]) =>
      posthorn(
        '--json',
        'events',
        'broadcast',
        'lead.create',
        '--to',
        'beta',
        '--data',
        '{"n":1.0}',
        ...more,
      );
    expect(JSON.parse((await broadcast('--dry-run')).out)).toEqual({ spaces: 1 });
    const { id } = JSON.parse((await broadcast('--id', 'note')).out) as { id: string };
    expect(JSON.parse((await broadcast('--id', 'note')).out)).toMatchObject({ id });
    await eventually(async () =>
      expect((await posthorn('broadcasts', 'show', id)).out).toMatch(/status +completed/),
    );
    expect((await posthorn('broadcasts', 'list')).out).toMatch(/lead\.create +beta +completed +1\/1 +0 +0/);
    expect((await posthorn('--json', 'events', 'show', 'note', '--space', 'epsilon')).out).toContain(
      '{"n":1.0}',
    );
    expect((await posthorn('broadcasts', 'cancel', id)).code).toBe(1);
    expect((await posthorn('spaces', 'tags', 'epsilon', '--none')).out).toBe('(none)\n');
    expect((await posthorn('spaces', 'tags', 'zeta', 'late', 'eu')).out).toBe('late\neu\n');
    expect((await posthorn('spaces', 'tags', 'zeta', 'late', '--none')).code).toBe(1);
  });

  it('tells of a wait and of what was lost, and ends both', async () => {
    let status = 503;
    const flaky = await startReceiver(() => ({ status, headers: { 'retry-after': '86400' } }));
    await posthorn('spaces', 'create', 'Beta', '--uid', 'beta');
    const inBeta = (...args: string[]) => posthorn(...args, '--space', 'beta');
    await inBeta('subs', 'create', flaky.url, '--uid', 'waits');
    const publish = () => inBeta('events', 'publish', 'lead.create', '--data', '{}');
    await publish();
    await eventually(async () =>
      expect((await inBeta('subs', 'list')).out).toMatch(/active \(waits until 20/),
    );
    status = 500;
    expect((await inBeta('subs', 'wake', 'waits')).out).toMatch(/waitsUntil +null/);
    await flaky.received(2);
    await engine.ok('PATCH', '/v1/spaces/beta/subscriptions/waits', { retrySchedule: [] });
    await publish();
    const output = await eventually(async () => {
      const { out } = await inBeta('subs', 'list');
      expect(out).toMatch(/^sub_\w+ lost \d deliver(y|ies) of events since 20.*Z\. Send .* again with: /m);
      return out;
    });
    const [, command = ''] = /with: posthorn (subscriptions replay sub_\w+ --lost)/.exec(output) ?? [];
    status = 200;
    expect(await inBeta(...command.split(' '))).toMatchObject({ code: 0, err: '' });
    await eventually(async () => expect((await inBeta('deliveries', 'list')).out).toContain('succeeded'));
    expect((await inBeta('subs', 'list')).out).not.toContain(' lost ');
    await flaky.close();
  }, 90_000);

  it('follows deliveries: new ones only, or also those since a time', async () => {
    const heard = await startReceiver();
    await posthorn('spaces', 'create', 'Gamma', '--uid', 'gamma');
    await posthorn('subs', 'create', heard.url, '--uid', 'crm', '--space', 'gamma');
    const publish = (type: string) =>
      engine.ok('POST', '/v1/spaces/gamma/events', { type, data: { id: 'l1' } });
    await publish('lead.create');
    await heard.received(1);
    const env = { POSTHORN_URL: engine.url, POSTHORN_KEY: engine.adminKey, POSTHORN_SPACE: 'gamma' };
    const tail = (...args: string[]) => NodeProcess.run('dist/src/cli/posthorn.js', ['tail', ...args], env);
    const tails = [tail(), tail('--since', '2026-01-01')];
    await eventually(() =>
      expect(tails[1]?.stdout).toMatch(/^(?:[\d-]+ )?\d\d:\d\d:\d\d +crm +dlv_\w+ +lead\.create /),
    );
    await eventually(async () => {
      await publish('lead.update');
      for (const { stdout } of tails) expect(stdout).toMatch(/crm +dlv_\w+ +lead\.update /);
    });
    expect(tails[0]?.stdout).not.toContain('lead.create');
    for (const one of tails) one.kill('SIGINT');
    await Promise.all(tails.map(({ ended }) => ended));
    await heard.close();
  }, 60_000);

  it('tells the whole story: space, key, subscription, publish, deliveries, retry', async () => {
    expect(await posthorn('spaces', 'create', 'Acme', '--uid', 'acme')).toMatchObject({ code: 0 });
    const key = await posthorn('keys', 'create', 'app', '--scope', 'read');
    const text = /phk_\S+/.exec(key.out)?.[0] ?? '';
    expect((await posthorn('keys', 'list')).out).toContain(text.slice(0, 12));
    const created = await posthorn(
      'subs',
      'create',
      receiver.url,
      '--events',
      'lead.*',
      '--uid',
      'crm',
      '--json',
    );
    expect(JSON.parse(created.out)).toMatchObject({ uid: 'crm', events: ['lead.*'] });
    expect((await posthorn('subs', 'list')).out).toMatch(/crm +active +0 +lead\.\* +http:/);
    const data = '{"id":"l1","score":1.0,"account":9007199254740993}';
    const published = await posthorn(
      'events',
      'publish',
      'lead.create',
      '--data',
      `\ufeff${data}`,
      '--id',
      'first',
    );
    expect(published).toMatchObject({ code: 0, err: '' });
    const [request] = await receiver.received(1);
    expect(request?.body.toString()).toContain(data);
    const list = await eventually(async () => {
      const { out } = await posthorn('deliveries', 'list', '--status', 'succeeded');
      expect(out).toMatch(/dlv_\w+ +lead\.create +succeeded +1\/6 +200/);
      return out;
    });
    const id = /dlv_\w+/.exec(list)?.[0] ?? '';
    expect(await posthorn('deliveries', 'retry', id)).toMatchObject({ code: 0 });
    await receiver.received(2);
    expect((await posthorn('deliveries', 'show', id)).out).toContain('attempts');
    const since = new Date(Date.now() - 60_000).toISOString();
    const replay = { since, statuses: ['succeeded'], dryRun: true };
    const { id: job } = await engine.ok<{ id: string }>(
      'POST',
      '/v1/spaces/acme/subscriptions/crm/replay',
      replay,
    );
    await eventually(async () =>
      expect((await posthorn('jobs', 'show', job)).out).toMatch(/status +completed/),
    );
    expect((await posthorn('jobs', 'list')).out).toMatch(new RegExp(`${job} +replay +completed +0/1`));
    expect(await posthorn('jobs', 'cancel', job)).toMatchObject({ code: 1, out: '' });
    expect((await posthorn('subs', 'pause', 'crm')).out).toMatch(/status +paused/);
    expect((await posthorn('--json', 'events', 'show', 'first')).out).toContain(`"data":${data}}`);
    expect((await posthorn('events', 'list')).out).toMatch(/evt_\w+ +first +lead\.create/);
    expect((await posthorn('event-types')).out).toContain('lead.create');
    expect((await posthorn('health')).out).toMatch(/status +ok/);
    // With those of the tests before.
    expect((await posthorn('reseal')).out).toMatch(
      /^The secrets of 0 of [1-9] subscriptions were encrypted again\.\n$/,
    );
  }, 120_000);

  it('erases, keeps what is on hold, and changes a retention', async () => {
    await posthorn('spaces', 'create', 'Gamma', '--uid', 'gamma');
    const inGamma = (...args: string[]) => posthorn(...args, '--space', 'gamma');
    await inGamma('events', 'publish', 'lead.create', '--subject', 'jane');
    expect((await inGamma('events', 'list', '--subject', 'jane')).out).toContain('lead.create');
    const held = await inGamma('hold', 'set', 'Case 4711', '--subject', 'jane');
    const [hold = ''] = /lgh_\w+/.exec(held.out) ?? [];
    expect((await inGamma('erase', '--subject', 'jane')).err).toContain('Count with --dry-run first');
    const refused = await inGamma('erase', '--subject', 'jane', '--yes');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain(`Legal hold ${hold}`);
    expect((await inGamma('hold', 'list')).out).toMatch(new RegExp(`${hold} +- +jane +admin +- +Case 4711`));
    expect((await inGamma('hold', 'release', hold)).out).toMatch(/releasedBy +admin/);
    const [job = ''] = /job_\w+/.exec((await inGamma('erase', '--subject', 'jane', '--yes')).out) ?? [];
    await eventually(async () =>
      expect((await inGamma('erase', 'show', job)).out).toMatch(/verification +.*"complete":true/),
    );
    expect((await inGamma('erase', 'list', '--subject', 'jane')).out).toMatch(
      new RegExp(`${job} +completed +1 +true +admin`),
    );
    expect((await posthorn('spaces', 'retention', 'gamma', '--bodies', '7')).out).toMatch(/bodiesDays +7/);
    expect((await posthorn('spaces', 'retention', 'gamma', '--bodies', 'default')).out).toMatch(
      /bodiesDays +30/,
    );
    expect(await posthorn('spaces', 'retention', 'gamma', '--bodies', 'x')).toMatchObject({
      code: 1,
      out: '',
    });
  }, 120_000);

  it('makes, lists and revokes portal links', async () => {
    const made = await posthorn('links', 'create', '--scope', 'manage', '--expires', '600');
    expect(made.out).toMatch(/url +http:\S+#portal=php_\S+/);
    const id = /lnk_\w+/.exec(made.out)?.[0] ?? '';
    expect((await posthorn('portal-links', 'list')).out).toMatch(new RegExp(`${id} +manage`));
    expect((await posthorn('links', 'revoke', id)).out).toBe(`Link ${id} is revoked.\n`);
    expect((await posthorn('links', 'list')).out).toBe('(none)\n');
    expect((await posthorn('links', 'create', '--expires', '5')).err).toMatch(/expiresInSeconds: /);
  }, 60_000);

  it.each([
    ['subs', 'delete', '..'],
    ['keys', 'delete', '..'],
    ['links', 'revoke', '%2e%2E'],
    ['spaces', 'delete', ''],
    ['subs', 'show', '.'],
    ['events', 'show', '..'],
    ['deliveries', 'show', ''],
    ['deliveries', 'retry', '.'],
    ['jobs', 'cancel', '..'],
    ['--space', '..', 'event-types'],
  ])('sends nothing for a name that a URL would drop: %s %s %j', async (...args) => {
    const nobody = `http://127.0.0.1:${await refusedPort()}`;
    expect(await posthorn('--url', nobody, ...args)).toEqual({
      code: 1,
      out: '',
      err: 'A name or id is empty or "." or "..". Nothing was sent.\n',
    });
  });

  it('sets how long and how much is held for a subscription, and gives it back to the operator', async () => {
    const held = ['--held-days', '7', '--held-max', '500'];
    const made = await posthorn('--json', 'subs', 'create', receiver.url, '--uid', 'holds', ...held);
    expect(JSON.parse(made.out)).toMatchObject({ heldDays: 7, heldMax: 500 });
    const changed = await posthorn('--json', 'subs', 'update', 'holds', '--held-days', 'default');
    expect(changed.err).toBe('');
    expect(JSON.parse(changed.out)).toMatchObject({ heldDays: null, heldMax: 500, url: receiver.url });
    const refused = await posthorn('subs', 'update', 'holds', '--held-max', 'lots');
    expect(refused.err).toContain('Give a whole number, or default.');
    expect((await posthorn('subs', 'update', 'holds', '--held-days', '400')).err).toContain('heldDays: ');
    await posthorn('subs', 'delete', 'holds');
  });

  it('reads the credentials for an endpoint from files, and removes them', async () => {
    const tls = join(import.meta.dirname, '../fixtures/tls');
    const files = ['--client-cert', `${tls}/client.pem`, '--client-key', `${tls}/client-key.pem`];
    const made = await posthorn('--json', 'subs', 'create', receiver.url, '--uid', 'mtls', ...files);
    expect(JSON.parse(made.out)).toMatchObject({
      clientCertificate: { subject: 'O=Example, CN=posthorn-client' },
    });
    const none = ['--client-cert', 'none', '--oauth2', 'none'];
    const changed = await posthorn('--json', 'subs', 'update', 'mtls', ...none);
    expect(JSON.parse(changed.out)).toMatchObject({ clientCertificate: null, oauth2: null });
    const half = await posthorn('subs', 'update', 'mtls', '--client-cert', `${tls}/client.pem`);
    expect(half.err).toContain('Give --client-cert and --client-key together.');
    const missing = await posthorn('subs', 'update', 'mtls', '--oauth2', '/no/such/file');
    expect(missing.err).toContain('/no/such/file cannot be read.');
    await posthorn('subs', 'delete', 'mtls');
  });

  it('says what is wrong, field by field, and exits with 1', async () => {
    const refused = await posthorn('subs', 'create', 'ftp://example.com');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/refused: \(422\)\n {2}url: /);
    const data = await posthorn('events', 'publish', 'lead.create', '--data', '{nope');
    expect(data).toMatchObject({ code: 1, err: '--data is not valid JSON: {nope\n' });
    expect((await posthorn('--key', 'wrong', 'subs', 'list')).err).toMatch(/key is unknown.*\(401\)/);
    const port = await refusedPort();
    const nobody = await posthorn('--url', `http://127.0.0.1:${port}`, 'spaces', 'list');
    expect(nobody.err).toBe(
      `No server responds at http://127.0.0.1:${port}. Start Posthorn, or pass its address with --url.\n`,
    );
  }, 60_000);

  it('shows the state of the system, and that there is no archive', async () => {
    const { code, out } = await posthorn('system');
    expect(code).toBe(0);
    expect(out).toMatch(/^status +(?:ok|warning)$/m);
    expect(out).toMatch(/^database +ok, PostgreSQL \d+\.\d+, \d+ MB$/m);
    expect(out).toMatch(/^migrations +(\d+) of \1$/m);
    expect(out).toMatch(/^ROLE +HOST +PID +VERSION +STATE +SEEN$/m);
    expect(out).not.toContain(engine.adminKey);
    const state = JSON.parse((await posthorn('system', '--json')).out) as { queue: { state: string } };
    expect(state.queue.state).toBe('ok');
    expect(await posthorn('archive', 'status')).toMatchObject({
      code: 0,
      out: expect.stringContaining('no archive') as string,
    });
    expect(await posthorn('archive', 'run')).toMatchObject({
      code: 1,
      err: expect.stringContaining('set POSTHORN_ARCHIVE_URL') as string,
    });
  }, 60_000);

  it('lists and exports who changed what', async () => {
    await posthorn('spaces', 'create', 'Watched', '--uid', 'watched');
    const inWatched = (...args: string[]) => posthorn(...args, '--space', 'watched');
    await inWatched('subs', 'create', receiver.url, '--uid', 'crm', '--pass-traceparent');
    const listed = await inWatched('audit', 'list');
    expect(listed.out).toMatch(/^AT +ACTOR +VIA +ACTION +TARGET +IP$/m);
    expect(listed.out).toMatch(/^\S+Z +admin +cli +subscription\.create +\S+ +127\.0\.0\.1$/m);
    const some = await inWatched('audit', 'list', '--action', 'subscription.*', '--actor', 'admin', '--json');
    const { data } = JSON.parse(some.out) as {
      data: { action: string; after: { passTraceparent: boolean } }[];
    };
    expect(data).toMatchObject([{ action: 'subscription.create', after: { passTraceparent: true } }]);
    const ndjson = await inWatched('audit', 'export');
    expect(
      ndjson.out
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { action?: string }).action),
    ).toContain('subscription.create');
    const csv = await posthorn('audit', 'export', '--all-spaces', '--format', 'csv', '--target', 'nobody');
    expect(csv).toMatchObject({ code: 0, err: '' });
    expect(csv.out.trim().split('\n')).toHaveLength(1);
    const wrong = await inWatched('audit', 'list', '--actor', 'somebody');
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('actor: ') as string });
  }, 60_000);
});
