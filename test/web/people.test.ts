import { Dashboard, seriousIssues } from '../support/dashboard.js';
import { TestProvider } from '../support/identity-provider.js';
import { eventually } from '../support/condition.js';
import { MailServer } from '../support/mail-server.js';
import { Tenant } from '../support/tenant.js';

const provider = new TestProvider();
const mails = new MailServer();
let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start({ settings: { admins: ['first@example.com'] } });
  const publicUrl = dashboard.engine.url;
  await provider.open(`${publicUrl}/v1/sign-in/oidc/callback`);
  await mails.open();
  Object.assign(dashboard.engine.settings, {
    ...{ publicUrl, oidcIssuer: provider.issuer, oidcName: 'Company', smtpUrl: mails.url },
    oidcClientId: TestProvider.client.id,
    oidcClientSecret: TestProvider.client.secret,
    mailFrom: 'posthorn@example.com',
  });
}, 60_000);

afterAll(async () => {
  // Signing in leads to the provider, and nothing else leads away.
  expect(dashboard.complaints.filter((one) => !one.startsWith(`request: ${provider.issuer}/`))).toEqual([]);
  await dashboard.close();
  await provider.close();
  await mails.close();
});

function account(email: string): void {
  provider.claims.set(email, { email, email_verified: true, name: 'Somebody' });
  provider.account = email;
}

/** The dashboard, by the provider. */
async function signIn(email: string, fragment = '') {
  account(email);
  const page = await dashboard.open(fragment, { key: null });
  await page.getByRole('link', { name: 'Sign in with Company' }).click();
  return page;
}

it('the first admin signs in, invites somebody, and signs out', async () => {
  await Tenant.create(dashboard.engine);
  const page = await dashboard.open('', { key: null });
  await page.getByRole('link', { name: 'Sign in with Company' }).waitFor();
  expect(await seriousIssues(page)).toEqual([]);
  await dashboard.picture(page, 'sign-in-people');
  account('first@example.com');
  await page.getByRole('link', { name: 'Sign in with Company' }).click();
  await page.getByText('Signed in as first@example.com').waitFor();
  expect(await page.evaluate('document.cookie')).toBe('');

  await page.getByRole('link', { name: 'People' }).click();
  await page.getByRole('button', { name: 'Invite' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Mail address').fill('guest@example.com');
  await dialog.getByRole('button', { name: 'Invite' }).click();
  await page.getByRole('cell', { name: 'guest@example.com' }).waitFor();
  expect(await seriousIssues(page)).toEqual([]);
  await dashboard.picture(page, 'people');
  await eventually(() => mails.mails.some(({ to }) => to.includes('guest@example.com')));

  await page.getByRole('link', { name: 'Account' }).click();
  await page.getByText('This one').waitFor();
  expect(await seriousIssues(page)).toEqual([]);
  await dashboard.picture(page, 'account');
  await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click();
  // The provider asks, ends its own session, and leads back.
  await page.getByRole('button', { name: 'Yes, sign me out' }).click();
  await page.getByRole('heading', { name: 'Sign in to Posthorn' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Sign in to Posthorn' }).waitFor();
});

it('who is not invited reads why they are not let in', async () => {
  const page = await signIn('stranger@example.com');
  await page.getByText('You have no access yet').waitFor();
  // It is told of this sign-in, and of none that comes after it.
  await page.getByText('Use a key').click();
  await page.getByLabel('Key', { exact: true }).fill(dashboard.engine.adminKey);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await page.getByRole('heading', { name: 'Sign in to Posthorn' }).waitFor();
  await page.getByRole('link', { name: 'Sign in with Company' }).waitFor();
  expect(await page.getByText('You have no access yet').count()).toBe(0);
});

it('a viewer comes back to the page they asked for, and finds no button that they may not use', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { id } = await tenant.subscribe('http://127.0.0.1:9/');
  const email = 'viewer@example.com';
  await dashboard.engine.ok('POST', '/v1/people', { email, role: 'viewer' });
  const page = await signIn(email, `#/s/${tenant.uid}/subscriptions/${id}`);
  await page.getByRole('heading', { name: 'Deliveries', exact: true }).waitFor();
  for (const name of ['Test', 'Pause', 'More', 'Show secret', 'Portal link', 'New space'])
    expect(await page.getByRole('button', { name }).count()).toBe(0);
  for (const name of ['Edit', 'Test bench', 'People', 'Audit log'])
    expect(await page.getByRole('link', { name }).count()).toBe(0);

  await dashboard.engine.ok('PATCH', `/v1/people/${email}`, { role: 'support' });
  await page.reload();
  await page.getByRole('button', { name: 'Test' }).waitFor();
  expect(await page.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Replay…' }).waitFor();
  expect(await page.getByRole('menuitem').count()).toBe(1);

  await dashboard.engine.ok('DELETE', `/v1/people/${email}`);
  await page.getByText('Your session has ended.').waitFor();
});

it('somebody of one space signs in by a link in a mail, and sees that space alone', async () => {
  const [tenant, other] = [await Tenant.create(dashboard.engine), await Tenant.create(dashboard.engine)];
  const email = 'helper@example.com';
  await dashboard.engine.ok('POST', tenant.path('/people'), { email, role: 'operator' });
  const page = await dashboard.open('', { key: null });
  await page.getByLabel('Mail address').fill(email);
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await page.getByText('a link is on its way').waitFor();
  const mail = await eventually(() => mails.mails.find(({ to }) => to.includes(email)) ?? null);
  const token = /#sign-in=(?:3D)?(phl_\w{43})/.exec(mail.text.replaceAll('=\r\n', ''))?.[1] ?? '';

  const visitor = await dashboard.open(`#sign-in=${token}`, { key: null });
  await visitor.getByRole('button', { name: 'Sign in with this link' }).waitFor();
  expect(visitor.url()).not.toContain('phl_');
  expect(await seriousIssues(visitor)).toEqual([]);
  await visitor.getByRole('button', { name: 'Sign in with this link' }).click();
  await visitor.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  expect(visitor.url()).toContain(`/s/${tenant.uid}/`);
  await visitor.getByRole('link', { name: 'Audit log' }).waitFor();
  expect(await visitor.getByRole('link', { name: 'List of spaces' }).count()).toBe(0);
  const statusOf = (uid: string) =>
    visitor.evaluate<number>(`fetch('v1/spaces/${uid}').then((it) => it.status)`);
  expect([await statusOf(tenant.uid), await statusOf(other.uid)]).toEqual([200, 404]);

  const late = await dashboard.open(`#sign-in=${token}`, { key: null });
  await late.getByRole('button', { name: 'Sign in with this link' }).click();
  await late.getByText('This link was used before').waitFor();
});

it('an admin invites somebody to a space, and gives them another role there', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  await dashboard.engine.ok('PATCH', tenant.path(''), { name: 'Acme' });
  const page = await dashboard.open(`#/s/${tenant.uid}/settings`);
  const panel = page.getByRole('group', { name: 'People' });
  await page.getByText('Nobody has a role in this space alone').waitFor();
  await page.getByRole('button', { name: 'Invite…' }).click();
  const dialog = page.getByRole('dialog');
  // A browser takes it for an address, the engine does not.
  await dialog.getByLabel('Mail address').fill(`${'x'.repeat(65)}@example.com`);
  await dialog.getByRole('button', { name: 'Invite' }).click();
  await dialog.locator('input[aria-invalid=true]:focus').waitFor();
  await dialog.getByLabel('Mail address').fill('grace@example.com');
  expect(await seriousIssues(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Invite' }).click();
  await panel.getByRole('cell', { name: 'grace@example.com', exact: true }).waitFor();
  await eventually(() => mails.mails.some(({ to }) => to.includes('grace@example.com')));
  await panel.getByRole('combobox', { name: 'Role of grace@example.com' }).click();
  await page.getByRole('option', { name: 'Admin: also keys and people' }).click();
  const roles = async () =>
    (await dashboard.engine.ok<{ data: object[] }>('GET', tenant.path('/people'))).data;
  await eventually(async () => expect(await roles()).toMatchObject([{ role: 'admin' }]));
  expect(await seriousIssues(page)).toEqual([]);
  await dashboard.picture(page, 'settings-people', true);
});

it('an admin of one space manages its keys and people, and loses the role on the page of all people', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  await dashboard.engine.ok('PATCH', tenant.path(''), { name: 'Acme' });
  const email = 'hedy@example.com';
  await dashboard.engine.ok('POST', tenant.path('/people'), { email, role: 'admin' });
  const own = await signIn(email, `#/s/${tenant.uid}/settings`);
  await own.getByRole('button', { name: 'New key…' }).waitFor();
  await own.getByRole('group', { name: 'People' }).getByText(email, { exact: true }).waitFor();
  expect(await own.getByRole('link', { name: 'List of spaces' }).count()).toBe(0);

  const page = await dashboard.open('#/people?q=hedy');
  await page.getByRole('button', { name: '1 space' }).click();
  await page.getByRole('link', { name: 'Acme' }).waitFor();
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByRole('button', { name: `Take away the role of ${email} in Acme` }).click();
  await eventually(async () =>
    expect(await dashboard.engine.ok('GET', tenant.path('/people'))).toEqual({ data: [] }),
  );
});

it('a viewer reads what is of all spaces, and is told that the settings are not theirs', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const email = 'reader@example.com';
  await dashboard.engine.ok('POST', '/v1/people', { email, role: 'viewer' });
  const page = await signIn(email, '#/event-types?show=all');
  for (const [link, heading] of [
    ['Event types of all', 'Event types'],
    ['Broadcasts', 'Broadcasts'],
  ] as const) {
    await page.getByRole('link', { name: link }).click();
    await page.getByRole('heading', { name: heading, exact: true }).waitFor();
    expect(await page.getByRole('button', { name: /^(New|Edit)/ }).count()).toBe(0);
  }
  await page.goto(`${dashboard.url}#/s/${tenant.uid}/settings`);
  await page.getByText('You may not change these settings').waitFor();
  expect(await page.getByRole('button', { name: /^(Save|Delete|New)/ }).count()).toBe(0);
  expect(await seriousIssues(page)).toEqual([]);
});

it('an operator of a space sets what it is called, and sees neither keys nor people', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const email = 'operator@example.com';
  await dashboard.engine.ok('POST', tenant.path('/people'), { email, role: 'operator' });
  const page = await signIn(email, `#/s/${tenant.uid}/settings`);
  await page.getByLabel('Name', { exact: false }).first().fill('Renamed');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('The space is saved.').waitFor();
  for (const name of ['New key…', 'Invite…'])
    expect(await page.getByRole('button', { name }).count()).toBe(0);
});

it('somebody is removed, and erased from the audit log later', async () => {
  const email = 'edsger@example.com';
  await dashboard.engine.ok('POST', '/v1/people', { email, role: 'viewer' });
  const page = await dashboard.open('#/people?q=edsger');
  await page.getByRole('button', { name: 'Remove…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('Nobody matches').waitFor();
  const log = async () => JSON.stringify(await dashboard.engine.ok('GET', '/v1/audit'));
  expect(await log()).toContain(email);
  await page.getByRole('button', { name: 'Show removed people' }).click();
  await page.getByRole('button', { name: 'Erase…' }).click();
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Erase' }).click();
  await page.getByText('Nobody matches').waitFor();
  expect(await log()).not.toContain(email);
});
