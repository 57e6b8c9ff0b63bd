import pg from 'pg';
import type { Answer } from '../support/engine.js';
import { eventually, staysSo } from '../support/condition.js';
import { MailServer } from '../support/mail-server.js';
import { ManualClock } from '../support/manual-clock.js';
import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

const clock = new ManualClock();
const { engine } = useStory({ clock, workers: 0, settings: { admins: ['first@example.com'] } });
const server = new MailServer();
const HEADERS = { authorization: '', 'x-posthorn-client': 'dashboard' };

beforeAll(async () => {
  await server.open();
  const mailFrom = 'Posthorn <posthorn@example.com>';
  Object.assign(engine.settings, { publicUrl: engine.url, smtpUrl: server.url, mailFrom });
});
afterAll(() => server.close());
beforeEach(() => {
  server.mails.length = 0;
  server.refuses = false;
  clock.advance(3_600_000);
});

let count = 0;
const person = async (role: string | null = 'viewer') => {
  const email = `someone${(count += 1)}@example.com`;
  const { id } = await engine.ok<{ id: string }>('POST', '/v1/people', { email, role });
  return { id, email };
};
const post = <T>(path: string, body: object, headers: Record<string, string> = HEADERS): Promise<Answer<T>> =>
  engine.call<T>('POST', `/v1/sign-in/link${path}`, body, { headers });
const ask = (email: string) => post<Problem>('', { email });
const use = (token: string) => post<Problem>('/use', { token });
const mailTo = (email: string) =>
  eventually(
    () => server.mails.find(({ to, text }) => to.includes(email) && text.includes('#sign-in=')) ?? null,
  );

/** Asks for a link, and gives its token. */
async function linkFor(email: string): Promise<string> {
  expect((await ask(email)).status).toBe(202);
  const { text } = await mailTo(email.toLowerCase());
  // Long lines are folded in mails.
  const token = /#sign-in=(?:3D)?(phl_\w{43})/.exec(text.replaceAll('=\r\n', ''))?.[1] ?? '';
  server.mails.length = 0;
  return token;
}

function cookieOf(answer: Answer<unknown>): string {
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}
/** A request of the engine without the header that `call` always sends. */
async function sessionStatus(cookie: string): Promise<number> {
  return (await fetch(`${engine.url}/v1/session`, { headers: { cookie } })).status;
}

it('a link that was asked for signs in, once', async () => {
  const { email } = await person('operator');
  const token = await linkFor(email.toUpperCase());
  const answer = await use(token);
  expect(answer.status).toBe(204);
  expect(answer.headers.get('set-cookie')).toMatch(
    /^posthorn_session=phs_\w{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax$/,
  );
  const response = await fetch(`${engine.url}/v1/session`, { headers: { cookie: cookieOf(answer) } });
  expect(await response.json()).toMatchObject({ kind: 'person', person: { email, role: 'operator' } });
  const again = await use(token);
  expect([again.status, again.headers.get('set-cookie')]).toEqual([401, null]);
});

it('of two who open a link at the same moment, one comes in', async () => {
  const token = await linkFor((await person()).email);
  const answers = await Promise.all([use(token), use(token), use(token), use(token)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 401, 401, 401]);
});

it('the first admin gets a link by the setting', async () => {
  const answer = await use(await linkFor('first@example.com'));
  expect(await sessionStatus(cookieOf(answer))).toBe(200);
  const admin = await engine.ok('GET', '/v1/people/first@example.com');
  expect(admin).toMatchObject({ role: 'admin', adminBySetting: true });
});

it('the mail says where it is from, what it is for, and nothing of others', async () => {
  const { email } = await person();
  await ask(email);
  const { from, to, text } = await mailTo(email);
  expect([from, to]).toEqual(['posthorn@example.com', [email]]);
  expect(text).toContain('Subject: Your link to sign in to Posthorn');
  expect(text).toMatch(/within 15 minutes/);
});

it('a link is too old after 15 minutes', async () => {
  const token = await linkFor((await person()).email);
  clock.advance(15 * 60_000);
  expect((await use(token)).status).toBe(401);
});

it('links that are too old are deleted when the next one is asked for', async () => {
  const { email } = await person();
  await linkFor(email);
  clock.advance(15 * 60_000);
  await linkFor(email);
  const client = new pg.Client({ connectionString: engine.settings.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ expires_at: Date }>(
      'SELECT expires_at FROM posthorn.sign_in_links',
    );
    expect(rows.filter(({ expires_at: end }) => end.getTime() <= clock.now())).toEqual([]);
    expect(rows).toHaveLength(1);
  } finally {
    await client.end();
  }
});

it('a link of somebody who was removed since, or lost every role, is none', async () => {
  const [removed, lowered] = [await person(), await person()];
  const tokens = [await linkFor(removed.email), await linkFor(lowered.email)];
  await engine.ok('DELETE', `/v1/people/${removed.id}`);
  await engine.ok('PATCH', `/v1/people/${lowered.id}`, { role: null });
  for (const token of tokens) expect((await use(token)).status).toBe(401);
});

it.each([`phl_${'a'.repeat(43)}`, 'phl_x', '', 'x'])('%j is no link', async (token) => {
  expect([401, 422]).toContain((await use(token)).status);
});

it('whether anybody has an address, no answer tells', async () => {
  const { email } = await person();
  const none = await person(null);
  const seen = async (to: string) => {
    const { status, body, headers } = await ask(to);
    return { status, body, names: [...headers.keys()] };
  };
  const known = await seen(email);
  for (const unknown of ['nobody@example.com', none.email]) expect(await seen(unknown)).toEqual(known);
  await mailTo(email);
  await staysSo(() => server.mails.every(({ to }) => to.includes(email)), {
    forMs: 300,
    because: 'a mail takes less',
  });
});

it('mails to one address have a limit, known or not', async () => {
  const { email } = await person();
  for (const to of [email, 'nobody2@example.com']) {
    const statuses = [];
    for (let times = 0; times < 7; times += 1) statuses.push((await ask(to)).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429, 429]);
  }
  await eventually(() => server.mails.length === 5);
  // Nobody is kept out by others who ask for their links: when the last one is too old, there is another.
  clock.advance(15 * 60_000);
  expect((await ask(email)).status).toBe(202);
  await eventually(() => server.mails.length === 6);
});

it('another site neither asks for a link nor uses one', async () => {
  const { email } = await person();
  const token = await linkFor(email);
  const others: Record<string, string>[] = [
    { authorization: '' },
    { ...HEADERS, 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of others) {
    expect((await post('', { email }, headers)).status).toBe(403);
    expect((await post('/use', { token }, headers)).status).toBe(403);
  }
  expect((await use(token)).status).toBe(204);
});

it('an address that would be two, or a header, is refused', async () => {
  for (const email of [
    'a@b.com,c@d.com',
    'a@b.com\r\nBcc: c@d.com',
    'a b@c.com',
    '<a@b.com>',
    'a@b@c',
    '@',
    'a@',
  ])
    expect((await ask(email)).status).toBe(422);
});

it('a mail server that refuses changes no answer', async () => {
  const { email } = await person();
  server.refuses = true;
  expect((await ask(email)).status).toBe(202);
  server.refuses = false;
  expect(await linkFor(email)).toMatch(/^phl_/);
});

it('who is invited is told so', async () => {
  await engine.ok('POST', '/v1/people', { email: 'guest@example.com', role: 'viewer', invite: true });
  const mail = await eventually(
    () => server.mails.find(({ to }) => to.includes('guest@example.com')) ?? null,
  );
  expect(mail.text).toContain(`${engine.url}/`);
  expect(mail.text).not.toContain('#sign-in=');
});

it('is not there without a mail server', async () => {
  const { smtpUrl } = engine.settings;
  Object.assign(engine.settings, { smtpUrl: '' });
  expect((await ask('a@example.com')).status).toBe(404);
  expect(await engine.ok('GET', '/v1/sign-in')).toMatchObject({ link: false });
  Object.assign(engine.settings, { smtpUrl });
});
