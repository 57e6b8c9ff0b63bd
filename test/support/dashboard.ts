import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from './chromium.js';
import { eventually } from './condition.js';
import { Engine, type EngineOptions } from './engine.js';
import { startPathProxy } from './path-proxy.js';

const pictures = join(import.meta.dirname, '..', '..', 'test-results');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Look {
  /** Its time zone; default: that of Paris. */
  zone?: string;
  /** Its language and the form of its dates; default: en-GB. */
  locale?: string;
  scheme?: 'light' | 'dark';
  /** 375 px, as a phone has. */
  narrow?: boolean;
}

interface AxeResult {
  violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
}

/** An engine, its dashboard and a browser. */
export class Dashboard {
  /** What a page complained about: errors, policy violations, requests to elsewhere. */
  readonly complaints: string[] = [];
  private readonly contexts: BrowserContext[] = [];

  private constructor(
    readonly engine: Engine,
    private readonly browser: Browser,
    private readonly proxy: { url: string; close(): Promise<void> } | null,
  ) {}

  static async start(options?: EngineOptions, path = ''): Promise<Dashboard> {
    const engine = await Engine.start(options);
    const proxy = path === '' ? null : await startPathProxy(engine.url, path);
    return new Dashboard(engine, await launchChromium(), proxy);
  }

  get url(): string {
    return `${this.proxy?.url ?? this.engine.url}/`;
  }

  /** A page in a browser of its own, signed in with `key` (default: the admin key; null: not signed in). */
  async open(
    fragment = '',
    { key = this.engine.adminKey, ...look }: Look & { key?: string | null } = {},
  ): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: look.narrow ? { width: 375, height: 812 } : { width: 1280, height: 820 },
      colorScheme: look.scheme ?? 'light',
      timezoneId: look.zone ?? 'Europe/Paris',
      locale: look.locale ?? 'en-GB',
      permissions: ['clipboard-read', 'clipboard-write'],
      bypassCSP: false,
    });
    this.contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => this.complaints.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      // The browser logs every answer above 399; those belong to the stories.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        this.complaints.push(`console: ${message.text()}`);
    });
    await this.collectReports(page);
    const { origin } = new URL(this.url);
    page.on('request', (request) => {
      const target = request.url();
      if (!target.startsWith(origin) && !/^(blob|data|about):/.test(target))
        this.complaints.push(`request: ${target}`);
    });
    if (key !== null) {
      await page.goto(this.url);
      await page.evaluate(`sessionStorage.setItem('posthorn-key', ${JSON.stringify(key)})`);
    }
    await page.goto(`${this.url}${fragment}`);
    if (key !== null) await page.reload();
    return page;
  }

  /** The same for somebody whose session the browser has in a cookie. */
  async openAs({ token }: { token: string }, fragment: string): Promise<Page> {
    const page = await this.open('', { key: null });
    await page.context().addCookies([{ name: 'posthorn_session', value: token, url: this.url }]);
    await page.goto(`${this.url}${fragment}`);
    await page.reload();
    return page;
  }

  /** What the policy forbids is reported to the page and to its frames, whether or not the console says it. */
  private async collectReports(page: Page): Promise<void> {
    await page.exposeFunction('reportViolation', (what: string) => this.complaints.push(`policy: ${what}`));
    await page.addInitScript(
      `addEventListener('securitypolicyviolation', (e) => reportViolation(e.violatedDirective + ' ' + e.blockedURI));`,
    );
  }

  /** What a browser that was never here reads from the network until a page is shown, headers included. */
  async coldBytes(fragment: string): Promise<number> {
    const page = await this.open(fragment);
    await page.goto('about:blank');
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.clearBrowserCache');
    let bytes = 0;
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.goto(`${this.url}${fragment}`);
    await page.locator('main h1').waitFor();
    await loaded(page);
    await page.evaluate('document.fonts.ready');
    await page.context().close();
    return bytes;
  }

  /** Writes `test-results/<name>.png`. */
  async picture(page: Page, name: string, fullPage = false): Promise<void> {
    await mkdir(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage, animations: 'disabled' });
  }

  async close(): Promise<void> {
    await Promise.all(this.contexts.map((context) => context.close()));
    await this.browser.close();
    await this.proxy?.close();
    await this.engine.close();
  }
}

/** Waits until no part of the page, nor a dialog over it, says that it loads. */
export async function loaded(page: Page): Promise<void> {
  await eventually(async () => expect(await page.locator('.loading').count()).toBe(0));
}

/** What axe finds serious or critical on a page, in words. */
export async function seriousIssues(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResult>(
    "axe.run({ resultTypes: ['violations'], preload: false })",
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}
