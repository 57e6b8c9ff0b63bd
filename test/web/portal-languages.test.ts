import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Dashboard } from '../support/dashboard.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';

const LANGUAGES = ['en', 'de', 'fr', 'es', 'pt', 'ja'] as const;
const folder = join(import.meta.dirname, '../../web/src/portal/languages');

function catalogue(language: string): Record<string, string> {
  return JSON.parse(readFileSync(join(folder, `${language}.json`), 'utf8')) as Record<string, string>;
}

const english = catalogue('en');

describe('the catalogue of', () => {
  it.each(LANGUAGES.filter((language) => language !== 'en'))(
    '%s has every text, with the same gaps to fill',
    (language) => {
      const texts = catalogue(language);
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      // A language without a singular needs no form for it.
      const needed = Object.keys(english).filter((key) => !key.endsWith('.one') || forms.includes('one'));
      expect(Object.keys(texts).sort()).toEqual(needed.sort());
      const gaps = (text = '') => (text.match(/\{\w+\}/g) ?? []).sort();
      for (const key of needed) {
        expect([key, texts[key]?.trim()]).not.toEqual([key, '']);
        expect([key, gaps(texts[key])]).toEqual([key, gaps(english[key])]);
      }
      const same = needed.filter((key) => texts[key] === english[key] && /\s/.test(english[key] ?? ''));
      expect(same).toEqual([]);
    },
  );
});

let dashboard: Dashboard;
let receiver: Receiver;
let tenant: Tenant;
let delivery = '';

beforeAll(async () => {
  receiver = await startReceiver(() => ({ status: 500, body: 'broken' }));
  dashboard = await Dashboard.start();
  tenant = await Tenant.create(dashboard.engine);
  const { id } = await tenant.subscribe(receiver.url, { retrySchedule: [] });
  ({ id: delivery } = await dashboard.engine.ok('POST', tenant.path(`/subscriptions/${id}/test`), {}));
}, 60_000);

afterAll(async () => {
  await dashboard.close();
  await receiver.close();
});

async function open(link: object): Promise<Page> {
  const { url } = await dashboard.engine.ok<{ url: string }>('POST', tenant.path('/portal-links'), {
    scope: 'manage',
    ...link,
  });
  return dashboard.open(url.slice(dashboard.url.length), { key: null });
}

it.each(LANGUAGES)(
  'in %s the whole portal speaks it: texts, numbers, dates and reasons',
  async (language) => {
    const texts = catalogue(language);
    const page = await open({ language });
    await page.getByRole('heading', { name: texts['endpoints.title'], exact: true }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe(language);
    await page.goto(`${page.url().split('#', 1)[0] ?? ''}#/deliveries/${delivery}`);
    await page.getByText(texts['why.5xx'] ?? '').waitFor();
    const at = await page.locator('main time').first().getAttribute('datetime');
    const date = new Intl.DateTimeFormat(language, {
      ...{ dateStyle: 'medium', timeStyle: 'medium', timeZone: 'Europe/Paris' },
    }).format(new Date(at ?? ''));
    expect(await page.locator('main time').first().textContent()).toBe(date);
    await dashboard.picture(page, `portal-${language}`, true);
    // Nothing is left in English but what is data.
    if (language === 'en') return;
    const shown = (await page.locator('body').innerText()).split('\n').map((line) => line.trim());
    const strange = Object.keys(texts).filter(
      (key) => texts[key] !== english[key] && shown.includes(english[key] ?? ''),
    );
    expect(strange).toEqual([]);
  },
);

it('without a wish in the link it is the space’s language, and else the browser’s', async () => {
  const browsers = await open({});
  await browsers.getByRole('heading', { name: english['endpoints.title'] }).waitFor();
  await dashboard.engine.ok('PATCH', tenant.path('/portal'), { language: 'fr' });
  const own = await open({});
  await own.getByRole('heading', { name: catalogue('fr')['endpoints.title'] }).waitFor();
  const links = await open({ language: 'ja' });
  await links.getByRole('heading', { name: catalogue('ja')['endpoints.title'] }).waitFor();
  await links.reload();
  await links.getByRole('heading', { name: catalogue('ja')['endpoints.title'] }).waitFor();
});

it('errors are in the language, too: of fields, of the link, and of a place that is not there', async () => {
  const texts = catalogue('de');
  const { id, url } = await dashboard.engine.ok<{ id: string; url: string }>(
    'POST',
    tenant.path('/portal-links'),
    { scope: 'manage', language: 'de' },
  );
  const page = await dashboard.open(url.slice(dashboard.url.length), { key: null });
  await page.getByRole('link', { name: texts['endpoints.new'] }).click();
  await page.getByLabel(texts['form.url'] ?? '').fill('nonsense');
  await page.getByRole('button', { name: texts['form.create'] }).click();
  await page.getByText(texts['field.url.invalid'] ?? '').waitFor();
  await page.getByText(texts['error.invalid'] ?? '').waitFor();
  await page.evaluate(`location.hash = '#/deliveries/dlv_00000000000000000000000000000000'`);
  await page.getByText(texts['error.notFound'] ?? '').waitFor();
  await dashboard.engine.ok('DELETE', tenant.path(`/portal-links/${id}`));
  await page.evaluate(`location.hash = '#/types'`);
  await page.getByRole('heading', { name: texts['access.expiredTitle'] }).waitFor();
  expect(dashboard.complaints).toEqual([]);
});
