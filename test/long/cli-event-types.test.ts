import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeProcess } from '../support/node-process.js';
import { useStory } from '../support/story.js';

describe('posthorn event-types and spaces catalogue', () => {
  const { engine, tenant } = useStory({ workers: 0 });
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'posthorn-types-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function posthorn(...args: string[]) {
    const env = { POSTHORN_URL: engine.url, POSTHORN_KEY: engine.adminKey, POSTHORN_SPACE: tenant.uid };
    const run = NodeProcess.run('dist/src/cli/posthorn.js', args, env);
    const code = await run.ended;
    return { code, out: run.stdout, err: run.stderr.replace(/\(node:.*\n|\(Use .*\n/g, '') };
  }
  async function definition(yaml: string): Promise<string> {
    const file = join(folder, 'type.yaml');
    await writeFile(file, yaml);
    return file;
  }
  const names = async () =>
    (await engine.ok<{ data: { name: string }[] }>('GET', tenant.path('/event-types'))).data.map(
      ({ name }) => name,
    );

  it('define, show, list and remove types of a space and of all spaces', async () => {
    const own = await definition('{ group: Billing, description: Paid., example: { id: a } }');
    expect((await posthorn('event-types', 'define', 'invoice.paid', '--file', own)).out).toMatch(
      /name +invoice\.paid\nfamily +Billing/,
    );
    const shared = await definition('{ feature: beta, replacedBy: invoice.paid, description: Settled. }');
    const everywhere = await posthorn('event-types', 'define', 'bill.paid', '-f', shared, '--everywhere');
    expect(everywhere).toMatchObject({ code: 0, err: '' });
    const list = async (...args: string[]) => (await posthorn('event-types', ...args)).out;
    expect(await list()).toMatch(/invoice\.paid +Billing +- +own +Paid\./);
    expect(await list()).not.toContain('bill.paid');
    expect(await list('--everywhere')).toMatch(
      /bill\.paid +Custom +- +deprecated, use invoice\.paid; feature beta +Settled\./,
    );
    expect((await posthorn('event-types', 'show', 'bill.paid', '--everywhere')).out).toMatch(/feature +beta/);
    const strict = await definition('{ schema: { type: object, required: [id] } }');
    await posthorn('event-types', 'define', 'invoice.paid', '-f', strict);
    const stricter = await definition(
      '{ schema: { type: object, required: [id, sum] }, example: { id: a, sum: 1 } }',
    );
    const refused = await posthorn('event-types', 'define', 'invoice.paid', '-f', stricter);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('sum') as string });
    expect((await posthorn('event-types', 'define', 'invoice.paid', '-f', stricter, '--force')).code).toBe(0);
    expect((await posthorn('event-types', 'delete', 'invoice.paid')).out).toBe(
      'Event type invoice.paid is removed.\n',
    );
    expect((await posthorn('event-types', 'delete', 'bill.paid', '--everywhere')).code).toBe(0);
    expect((await posthorn('event-types', 'define', 'a.b', '-f', join(folder, 'none'))).err).toMatch(
      /cannot be read/,
    );
  }, 120_000);

  it('turn events of a space off, hide some, and give it features', async () => {
    const file = await definition('{ feature: beta }');
    await posthorn('event-types', 'define', 'beta.only', '-f', file, '--everywhere');
    const catalogue = (...args: string[]) => posthorn('spaces', 'catalogue', tenant.uid, ...args);
    expect((await catalogue()).out).toMatch(/builtInEvents +true\nhidden +\[\]\nfeatures +\[\]/);
    await catalogue('--hide', 'list.*', 'tag.*', '--feature', 'beta', '--validation', 'warn');
    expect(await names()).toEqual(expect.arrayContaining(['beta.only', 'lead.create']) as string[]);
    expect((await names()).filter((name) => /^(?:list|tag)\./.test(name))).toEqual([]);
    // What is not named stays.
    expect((await catalogue('--built-in-events', 'off')).out).toMatch(
      /builtInEvents +false\nhidden +\["list\.\*","tag\.\*"\]\nfeatures +\["beta"\]\nvalidation +warn/,
    );
    expect(await names()).toEqual(['beta.only']);
    await catalogue('--built-in-events', 'default', '--no-hide', '--no-feature', '--validation', 'default');
    expect(await names()).toEqual(expect.arrayContaining(['list.create', 'tag.create']) as string[]);
    expect(await names()).not.toContain('beta.only');
    expect((await catalogue('--validation', 'always')).err).toMatch(/off, warn, enforce, default/);
    await posthorn('event-types', 'delete', 'beta.only', '--everywhere');
  }, 120_000);
});
