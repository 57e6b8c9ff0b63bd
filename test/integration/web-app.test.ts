import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Controller, Get, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Settings } from '../../src/config/settings.js';
import { serveWeb } from '../../src/dashboard/serve-web.js';
import { createHttpApp } from '../../src/http/http-app.js';
import { get } from '../support/raw-get.js';

const HTML = { accept: 'text/html,application/xhtml+xml' };
const SCRIPT = `console.log("${'posthorn '.repeat(500)}");`;

const folder = mkdtempSync(join(tmpdir(), 'posthorn-web-'));
const apps: NestFastifyApplication[] = [];

beforeAll(() => {
  mkdirSync(join(folder, 'web', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'not for you');
  writeFileSync(
    join(folder, 'web', 'index.html'),
    '<!doctype html><html><head><meta charset="utf-8" /></head><body>app</body></html>',
  );
  writeFileSync(join(folder, 'web', 'favicon.svg'), '<svg/>');
  writeFileSync(join(folder, 'web', 'assets', 'index-D3adB33f.js'), SCRIPT);
});

afterAll(async () => {
  await Promise.all(apps.map((app) => app.close()));
  rmSync(folder, { recursive: true });
});

@Controller()
class OtherRoutes {
  @Get('v1/thing')
  thing(): object {
    return { thing: true };
  }
}

async function start(settings: Partial<Settings> = {}, web = 'web'): Promise<string> {
  const all = Object.assign(new Settings(), { logLevel: 'silent', ...settings });
  @Module({ controllers: [OtherRoutes] })
  class Root {
    constructor(private readonly host: HttpAdapterHost) {}
    onModuleInit(): void {
      serveWeb(this.host.httpAdapter.getInstance(), { ...all, folder: join(folder, web) });
    }
  }
  Reflect.defineMetadata('design:paramtypes', [HttpAdapterHost], Root);
  const app = await createHttpApp(Root, all);
  apps.push(app);
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

describe('the web app', () => {
  it('is at the root, under a policy that lets nothing in from elsewhere', async () => {
    const url = await start();
    const { status, headers, body } = await get(`${url}/`);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toBe(
      "default-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
    );
    expect(String(body)).toContain('<head><base href="./" />');
  });

  it('may be framed by, and take its logo from, whom the operator names', async () => {
    const url = await start({
      portalFrameAncestors: ['https://app.example.com', 'https://example.com'],
      portalLogoUrl: 'https://cdn.example.com/logo.svg',
    });
    const policy = (await get(`${url}/`)).headers['content-security-policy'];
    expect(policy).toContain('frame-ancestors https://app.example.com https://example.com');
    expect(policy).toContain("img-src 'self' https://cdn.example.com/logo.svg;");
    expect(policy).toContain("default-src 'self';");
  });

  it('answers for its own pages only: what is no page stays a 404 of the API', async () => {
    const url = await start();
    const page = await get(`${url}/s/acme/deliveries?status=failed`, HTML);
    expect([page.status, String(page.body)]).toEqual([
      200,
      expect.stringContaining('<base href="../../" />'),
    ]);
    for (const [path, headers] of [
      ['/s/acme/deliveries', {}],
      ['/v1/nothing', HTML],
      ['/v1', HTML],
      ['/assets/index-gone.js', HTML],
      ['/metrics/x', HTML],
      ['/test-receiver/x/y', HTML],
    ] as const) {
      const answer = await get(url + path, headers);
      expect([path, answer.status, answer.headers['content-type']]).toEqual([
        path,
        404,
        expect.stringContaining('application/problem+json'),
      ]);
    }
    expect((await get(`${url}/v1/thing`, HTML)).headers['content-type']).toContain('application/json');
    expect((await get(`${url}/s/acme`, HTML, 'POST')).status).toBe(404);
  });

  it('never leaves its folder', async () => {
    const url = await start();
    for (const path of [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/assets/..%2f..%2f..%2fsecret.txt',
    ]) {
      const { status, body } = await get(url + path);
      expect([path, status, String(body).includes('not for you')]).toEqual([path, 404, false]);
    }
  });

  it('sends compressed what can be, keeps hashed files for ever, and knows what did not change', async () => {
    const url = await start();
    const path = `${url}/assets/index-D3adB33f.js`;
    const brotli = await get(path, { 'accept-encoding': 'gzip, deflate, br' });
    expect(brotli.headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
      'x-content-type-options': 'nosniff',
    });
    expect(brotliDecompressSync(brotli.body).toString()).toBe(SCRIPT);
    const gzip = await get(path, { 'accept-encoding': 'gzip, br;q=0' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip.body).toString()).toBe(SCRIPT);
    const plain = await get(path);
    expect([plain.headers['content-encoding'], String(plain.body)]).toEqual([undefined, SCRIPT]);
    expect((await get(path, { 'if-none-match': String(plain.headers.etag) })).status).toBe(304);
    const icon = await get(`${url}/favicon.svg`, { 'accept-encoding': 'br' });
    expect(icon.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' });
    expect(icon.headers['content-encoding']).toBeUndefined();
  });

  it('works below a path, whether or not the proxy takes it off', async () => {
    const url = await start({ publicUrl: 'https://example.com/tools/posthorn' });
    for (const base of ['', '/tools/posthorn']) {
      expect(String((await get(`${url}${base}/`, HTML)).body)).toContain('<base href="./" />');
      expect((await get(`${url}${base}/assets/index-D3adB33f.js`)).status).toBe(200);
      expect((await get(`${url}${base}/v1/thing`)).status).toBe(200);
      expect(String((await get(`${url}${base}/docs`)).body)).toContain('src="/tools/posthorn/docs/start.js"');
    }
    const bare = await get(`${url}/tools/posthorn`, HTML);
    expect([bare.status, bare.headers.location]).toEqual([302, '/tools/posthorn/']);
    expect((await get(`${url}/tools/posthornx`)).status).toBe(404);
  });

  it('leaves the root to the reference while it is not built', async () => {
    const url = await start({}, 'nothing');
    const { status, headers } = await get(`${url}/`, HTML);
    expect([status, headers.location]).toEqual([302, 'docs']);
    expect((await get(`${url}/s/acme`, HTML)).status).toBe(404);
  });
});
