import type { Browser, BrowserContext, Page } from 'playwright-core';
import { SpacesService, WebhookSubscriptions } from '../../src/index.js';
import { launchChromium } from '../support/chromium.js';
import { HttpHost } from '../support/host-http.js';

let host: HttpHost;
let browser: Browser;

beforeAll(async () => {
  [host, browser] = await Promise.all([HttpHost.start('Express'), launchChromium()]);
  host.signIn('ann', 'ann-ltd');
}, 60_000);
afterAll(async () => {
  await browser.close();
  await host.close();
});

/** A page of Ann's, and what is wrong with what it does. */
async function openPage(context: BrowserContext): Promise<{ page: Page; complaints: string[] }> {
  await context.addCookies([{ name: 'session', value: 'ann', url: host.origin, sameSite: 'Lax' }]);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('request', (request) => {
    if (request.headers().authorization !== undefined) complaints.push(`a key: ${request.url()}`);
    if (!request.url().startsWith(host.url)) complaints.push(`elsewhere: ${request.url()}`);
  });
  return { page, complaints };
}

it('in an application its customers use the dashboard by the session they have there, without a key', async () => {
  await host.app.get(SpacesService).upsertSpace({ uid: 'other' });
  await host.app.get(WebhookSubscriptions).create('other', { url: 'https://example.com/of-others' });
  const context = await browser.newContext({ viewport: { width: 1280, height: 820 } });
  const { page, complaints } = await openPage(context);
  await page.goto(host.url);
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  expect(page.url()).toContain(`${host.url}/#/`);
  for (const name of ['Sign out', 'Portal link'])
    expect(await page.getByRole('button', { name }).count()).toBe(0);
  await page.getByRole('link', { name: 'Subscriptions' }).click();
  await page.getByRole('link', { name: 'New subscription' }).click();
  await page.getByLabel('URL').fill('https://example.com/hook');
  await page.getByRole('button', { name: 'Create subscription' }).click();
  await page
    .getByRole('dialog', { name: 'The signing secret' })
    .getByRole('button', { name: 'Done' })
    .click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('it was paused manually').waitFor();
  const { data } = await host.app.get(WebhookSubscriptions).list('ann-ltd');
  expect(data).toMatchObject([{ url: 'https://example.com/hook', status: 'paused' }]);
  expect(await page.locator('body').innerText()).not.toContain('of-others');
  expect(complaints).toEqual([]);
  await context.close();
});

it('and the portal, by the same session, in the language of their browser', async () => {
  const context = await browser.newContext({ locale: 'de-DE' });
  const { page, complaints } = await openPage(context);
  await page.goto(`${host.url}/portal/`);
  await page.getByRole('link', { name: 'Endpunkt hinzufügen' }).click();
  await page.getByLabel('Adresse (URL)').fill('https://example.com/by-portal');
  await page.getByRole('button', { name: 'Endpunkt hinzufügen' }).click();
  await page.getByRole('heading', { name: 'https://example.com/by-portal' }).waitFor();
  const { data } = await host.app.get(WebhookSubscriptions).list('ann-ltd');
  expect(data.map(({ url }) => url)).toContain('https://example.com/by-portal');
  expect(complaints).toEqual([]);
  await context.close();
});
