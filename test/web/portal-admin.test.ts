import { eventually } from '../support/condition.js';
import { Dashboard, loaded, seriousIssues } from '../support/dashboard.js';
import { Tenant } from '../support/tenant.js';

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="22"><rect width="96" height="22"/></svg>';

let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start();
}, 60_000);

afterAll(async () => {
  expect(dashboard.complaints).toEqual([]);
  await dashboard.close();
});

it('links are made with rights and a language, are listed, and end when they are revoked', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const page = await dashboard.open(`#/s/${tenant.uid}/portal`);
  await page.getByText('There are no valid links.').waitFor();
  await page.getByRole('combobox', { name: 'Access' }).click();
  await page.getByRole('option', { name: 'read and change' }).click();
  await page.getByLabel('See and rotate secrets').uncheck();
  await page.getByLabel('Send deliveries again').uncheck();
  await page.getByRole('combobox', { name: 'Language' }).first().click();
  await page.getByRole('option', { name: '日本語' }).first().click();
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByRole('button', { name: 'Make link' }).click();
  const url = (await page.locator('.secret-box').textContent()) ?? '';
  expect(url).toMatch(/\/portal\/spc_\w+\/#portal=php_\w+&lang=ja$/);
  await page.getByRole('cell', { name: 'read, edit, test' }).waitFor();
  await dashboard.picture(page, 'portal-admin', true);

  const customer = await dashboard.open(url.slice(dashboard.url.length), { key: null });
  await customer.getByRole('heading', { name: 'エンドポイント', exact: true }).waitFor();
  await page.getByRole('button', { name: /^Revoke lnk_/ }).click();
  await page.getByText('There are no valid links.').waitFor();
  await customer.reload();
  await customer.getByRole('heading', { name: 'このリンクは無効です' }).waitFor();
});

it('the operator gives the portal a look, sees it before it is saved, and learns what is wrong with it', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const page = await dashboard.open(`#/s/${tenant.uid}/portal`);
  await page.getByLabel('Name', { exact: true }).fill('Acme');
  await page.getByRole('textbox', { name: 'Background, light' }).fill('#222222');
  await page.getByRole('textbox', { name: 'Text, light' }).fill('#333333');
  const background = `getComputedStyle(document.querySelector('.look-sample')).backgroundColor`;
  await eventually(async () => expect(await page.evaluate(background)).toBe('rgb(34, 34, 34)'));
  await page.getByRole('button', { name: 'Save appearance' }).click();
  await page.getByText(/must be readable/).waitFor();
  await page.getByRole('textbox', { name: 'Text, light' }).fill('#ffffff');
  const file = { name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(LOGO) };
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByRole('button', { name: 'Save appearance' }).click();
  await page.getByText('The appearance is saved.').waitFor();
  expect(await dashboard.engine.ok('GET', tenant.path('/portal'))).toMatchObject({
    name: 'Acme',
    logoUrl: expect.stringMatching(/^portal\/spc_/) as string,
    colours: { light: { background: '#222222', text: '#ffffff' } },
    frameAncestors: [],
  });
  await page.getByText('A logo is uploaded.').waitFor();
  await loaded(page);
  expect(await seriousIssues(page)).toEqual([]);
});

it('a key that manages makes links, and only looks at the look', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const page = await dashboard.open(`#/s/${tenant.uid}/portal`, { key: await tenant.key('manage') });
  await page
    .getByText(/^Only the admin key, operators and admins of this space can change the appearance/)
    .waitFor();
  expect(await page.getByRole('button', { name: 'Save appearance' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Make link' }).count()).toBe(1);
});

it('light and dark are switched without a style that the policy forbids', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const page = await dashboard.open(`#/s/${tenant.uid}/overview`);
  for (const [name, scheme] of [
    ['Dark colours', 'dark'],
    ['Light colours', 'light'],
  ] as const) {
    await page.getByRole('button', { name }).click();
    await eventually(async () =>
      expect(await page.evaluate('document.documentElement.dataset.mantineColorScheme')).toBe(scheme),
    );
  }
  expect(dashboard.complaints).toEqual([]);
});
