import { MailServer } from '../support/mail-server.js';
import { NodeProcess } from '../support/node-process.js';
import { SignedIn } from '../support/people.js';
import { useStory } from '../support/story.js';
import { eventually } from '../support/condition.js';

describe('posthorn people', () => {
  const { engine, tenant } = useStory({ workers: 0, settings: { admins: ['first@example.com'] } });
  const mails = new MailServer();

  beforeAll(async () => {
    await mails.open();
    Object.assign(engine.settings, {
      ...{ publicUrl: engine.url, smtpUrl: mails.url, mailFrom: 'posthorn@example.com' },
    });
  });
  afterAll(() => mails.close());

  async function posthorn(...args: string[]) {
    const env = { POSTHORN_URL: engine.url, POSTHORN_KEY: engine.adminKey };
    const run = NodeProcess.run('dist/src/cli/posthorn.js', args, env);
    const code = await run.ended;
    return { code, out: run.stdout, err: run.stderr.replace(/\(node:.*\n|\(Use .*\n/g, '') };
  }

  it('adds somebody, tells them by mail, and lists them with their roles', async () => {
    const added = await posthorn(
      ...['people', 'add', 'Grace@Example.com', '--role', 'operator', '--name', 'Grace', '--invite'],
    );
    expect(added).toMatchObject({ code: 0, err: '' });
    expect(added.out).toMatch(/^id +usr_\w+\nemail +grace@example\.com\nname +Grace\nrole +operator\n/);
    await eventually(() => mails.mails.some(({ to }) => to.includes('grace@example.com')));
    const again = await posthorn('people', 'add', 'grace@example.com');
    expect(again).toMatchObject({ code: 1, out: '' });
    expect(again.err).toContain('Somebody with this mail address is there. Change their role instead.');

    const inSpace = ['--space', tenant.uid, 'people', 'role', 'grace@example.com'];
    expect((await posthorn(...inSpace, 'admin')).out).toBe(
      `grace@example.com has the role admin in ${tenant.uid}.\n`,
    );
    const { id } = await engine.ok<{ id: string }>('GET', tenant.path(''));
    const list = await posthorn('people', 'list', '--search', 'grac');
    expect(list.out).toMatch(
      new RegExp(`^ID .*SIGNED IN *\nusr_\\w+ +grace@example\\.com +Grace +operator +${id}=admin +-\\s*\n$`),
    );
    expect((await posthorn(...inSpace, 'none')).out).toBe(
      `grace@example.com has no role in ${tenant.uid}.\n`,
    );
    expect(await posthorn(...inSpace, 'none')).toMatchObject({ code: 1 });
  });

  it('changes a role in all spaces, and says which ones there are', async () => {
    await posthorn('people', 'add', 'linus@example.com');
    const role = (name: string) => posthorn('people', 'role', 'linus@example.com', name, '--json');
    expect(JSON.parse((await role('viewer')).out)).toMatchObject({ role: 'viewer' });
    const wrong = await role('owner');
    expect(wrong).toMatchObject({ code: 1, out: '' });
    expect(wrong.err).toContain('viewer, support, operator, admin');
    expect(JSON.parse((await role('none')).out)).toMatchObject({ role: null });
    expect(await posthorn('people', 'role', 'nobody@example.com', 'viewer')).toMatchObject({ code: 1 });
  });

  it('lists sessions and ends one', async () => {
    const person = await SignedIn.as(engine, 'viewer', 'ada@example.com');
    expect((await person.call('GET', '/v1/spaces')).status).toBe(200);
    const { out } = await posthorn('people', 'sessions');
    const [, session] = /(ses_\w+) +ada@example\.com +link/.exec(out) ?? [];
    const ended = await posthorn('people', 'end-session', session ?? '');
    expect(ended).toMatchObject({ code: 0, out: `Session ${session} has ended.\n` });
    expect((await person.call('GET', '/v1/spaces')).status).toBe(401);
    expect(await posthorn('people', 'end-session', session ?? '')).toMatchObject({ code: 1 });
  });

  it('removes somebody, lists who was removed, and erases them later', async () => {
    const email = 'edsger@example.com';
    const person = await SignedIn.as(engine, 'viewer', email);
    expect((await posthorn('people', 'remove', email)).out).toBe(`${email} is removed.\n`);
    expect((await person.call('GET', '/v1/spaces')).status).toBe(401);
    expect((await posthorn('people', 'list', '--search', email)).out).toBe('(none)\n');
    expect((await posthorn('people', 'list', '--removed')).out).toContain(email);
    const log = async () => JSON.stringify(await engine.ok('GET', '/v1/audit'));
    expect(await log()).toContain(email);
    expect((await posthorn('people', 'remove', person.id, '--erase')).out).toBe(`${person.id} is erased.\n`);
    expect(await log()).not.toContain(email);
    expect((await posthorn('people', 'list', '--removed')).out).toBe('(none)\n');
  });
});
