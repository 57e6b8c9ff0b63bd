import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeProcess } from '../support/node-process.js';
import { useStory } from '../support/story.js';

describe('posthorn apply', () => {
  const { engine, tenant, receiver } = useStory({ workers: 0 });
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'posthorn-apply-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function apply(text: string, ...args: string[]) {
    const file = join(folder, 'subscriptions.yaml');
    await writeFile(file, text);
    return posthorn('apply', '-f', file, ...args);
  }

  async function posthorn(...args: string[]) {
    const env = { POSTHORN_URL: engine.url, POSTHORN_KEY: engine.adminKey, POSTHORN_SPACE: tenant.uid };
    const run = NodeProcess.run('dist/src/cli/posthorn.js', args, env);
    const code = await run.ended;
    return { code, out: run.stdout, err: run.stderr.replace(/\(node:.*\n|\(Use .*\n/g, '') };
  }

  it('creates, changes and deletes what the file says, and shows it before', async () => {
    const file = (description: string) => `
subscriptions:
  - uid: crm
    url: ${receiver.url}
    events: [lead.*]
    description: ${description}
    filter: { lead.country: { in: [FR, BE] } }
    headers: { x-token: geheim }
  - { uid: quiet, url: "${receiver.url}", status: paused }
`;
    const list = async () =>
      (await engine.ok<{ data: { uid: string | null }[] }>('GET', tenant.path('/subscriptions?order=asc')))
        .data;
    await tenant.subscribe(receiver.url);
    await tenant.subscribe(receiver.url, { uid: 'old' });
    const dry = await apply(file('one'), '--dry-run');
    expect(dry).toMatchObject({ code: 0, err: '' });
    expect(dry.out).toMatch(/^\+ crm .*\n\+ quiet .*\n2 new, 0 changed, 0 deleted, 0 unchanged \(dry run/);
    expect(await list()).toHaveLength(2);
    expect((await apply(file('one'))).out).toContain('2 new, 0 changed, 0 deleted, 0 unchanged\n');
    expect(await list()).toMatchObject([
      { uid: null },
      { uid: 'old' },
      { uid: 'crm', description: 'one', status: 'active' },
      { uid: 'quiet', status: 'paused' },
    ]);
    expect((await apply(file('one'))).out).toBe('0 new, 0 changed, 0 deleted, 2 unchanged\n');
    const changed = await apply(file('two').replace('geheim', 'neu').replace('paused', 'active'), '--prune');
    expect(changed.out).toContain('description: "one" → "two"');
    expect(changed.out).toContain('headers: ***');
    expect(changed.out).not.toContain('neu');
    expect(changed.out).toContain('- old\n0 new, 2 changed, 1 deleted, 0 unchanged\n');
    expect(await list()).toMatchObject([
      { uid: null },
      { uid: 'crm', description: 'two', headers: { 'x-token': 'neu' } },
      { uid: 'quiet', status: 'active' },
    ]);
  });

  it('keeps all digits of numbers in filters, from the file to what is shown', async () => {
    const file = (id: string) => `
subscriptions:
  - uid: exact
    url: ${receiver.url}
    filter: { rate: { in: [0.10000000000000000001, 1] }, account: ${id} }
`;
    expect(await apply(file('9007199254740993'))).toMatchObject({ code: 0, err: '' });
    expect((await apply(file('9007199254740993'))).out).toBe('0 new, 0 changed, 0 deleted, 1 unchanged\n');
    const filter = '{"rate":{"in":[0.10000000000000000001,1]},"account":9007199254740993}';
    expect((await posthorn('subs', 'show', 'exact')).out).toContain(filter);
    expect((await posthorn('subs', 'show', 'exact', '--json')).out).toContain(filter);
    const changed = await apply(file('9007199254740995'));
    expect(changed.out).toContain(`filter: ${filter} → ${filter.replace('993', '995')}`);
    const data = '{"id":"l1","account":9007199254740993}';
    const event = ['lead.create', '--data', data, '--id', 'exact'];
    expect(await posthorn('events', 'publish', ...event)).toMatchObject({ code: 0 });
    expect((await posthorn('events', 'show', 'exact')).out).toContain(data);
  });

  it('is one way; options of the other commands say the form of requests and a time, too', async () => {
    const form = ['--template', '{"t": type}', '--method', 'PUT'];
    expect(await posthorn('subs', 'create', receiver.url, '--uid', 'crm', ...form)).toMatchObject({
      code: 0,
    });
    expect(await engine.ok('GET', tenant.path('/subscriptions/crm'))).toMatchObject({
      body: { format: 'template', template: '{"t": type}' },
      method: 'PUT',
    });
    const at = new Date(Date.now() + 3_600_000).toISOString();
    expect(await posthorn('events', 'publish', 'lead.create', '--deliver-at', at)).toMatchObject({ code: 0 });
    expect(await tenant.deliveries()).toMatchObject([{ nextAttemptAt: at }]);
  });

  it.each([
    ['subscriptions: [{url: x}]', /subscriptions\[0\] has no uid/],
    ['subscriptions: [{uid: a, url: x}, {uid: a, url: y}]', /the uid "a" is used twice/],
    ['lists: []', /no list "subscriptions"/],
    ['a: [', /is not valid YAML: .* at line 1, column 5/],
    ['subscriptions: [{uid: a, url: "ftp://x"}]', /url: /],
  ])('refuses %s, and says why', async (text, message) => {
    const { code, err } = await apply(text);
    expect(code).toBe(1);
    expect(err).toMatch(message);
  });
});
