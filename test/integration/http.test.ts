import { once } from 'node:events';
import { Agent, get, STATUS_CODES, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Body, Controller, Get, HttpCode, Logger, Post, Query, Req } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsString, ValidateNested } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { checkIfMatch, etagOf } from '../../src/http/etag.js';
import { ListQuery } from '../../src/http/list.dto.js';
import { Public } from '../../src/spaces/access.js';
import { SpacesModule } from '../../src/spaces/spaces.module.js';
import { eventually, staysSo } from '../support/condition.js';
import { HttpTestApp } from '../support/http-app.js';

class Leaf {
  @IsInt()
  size: number;
}

class Tree {
  @IsString()
  name: string;

  @ValidateNested({ each: true })
  @Type(() => Leaf)
  leaves: Leaf[];
}

let slowOnes = 0;
let endSlow: () => void;
const slowMayEnd = new Promise<void>((resolve) => (endSlow = resolve));

@Public()
@Controller('test')
class TestController {
  @Post('raw')
  @HttpCode(200)
  raw(@Req() request: FastifyRequest): { text: string | null } {
    return { text: request.rawJson ?? null };
  }

  @Post('tree')
  tree(@Body() tree: Tree): Tree {
    return tree;
  }

  @Get('slow')
  async slow(): Promise<object> {
    slowOnes += 1;
    await slowMayEnd;
    return {};
  }

  @Get('list')
  list(@Query() query: ListQuery): ListQuery {
    return query;
  }

  @Get('fault')
  fault(): void {
    throw new Error('SELECT secret FROM posthorn.spaces at 10.0.0.7');
  }

  @Get('outage')
  outage(): void {
    throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' });
  }
}

let app: HttpTestApp;
beforeAll(async () => {
  app = await HttpTestApp.start([SpacesModule], [TestController]);
});
afterAll(() => app.close());

const JSON_TYPE = { 'content-type': 'application/json' };

async function post(path: string, body: string | Buffer, headers: Record<string, string> = JSON_TYPE) {
  const response = await fetch(app.url + path, { method: 'POST', headers, body });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

describe('a JSON body', () => {
  it('leaves its exact text to the route', async () => {
    const text = ' {"b":1.0, "a" : "é\\u00e9"}\n';
    expect((await post('/test/raw', text)).body).toEqual({ text });
  });

  it('may be absent, even when a content type is announced', async () => {
    expect((await post('/test/raw', '')).body).toEqual({ text: null });
    expect((await app.call('POST', '/test/raw')).body).toEqual({ text: null });
    expect((await post('/test/raw', '{}')).body).toEqual({ text: '{}' });
  });

  it.each(['{"a":', '{a:1}', '{"a":1}x', ' ', "{'a':1}", '\ufeff\ufeff{}', '{"a":01}'])(
    'is a 400 when it reads %j',
    async (text) => {
      const { status, body } = await post('/test/raw', text);
      expect(status).toBe(400);
      expect(body).toMatchObject({ code: 'malformed_json', title: 'Bad Request', status: 400 });
    },
  );

  it('is a 400 when it is not UTF-8', async () => {
    const { status, body } = await post('/test/raw', Buffer.from([0x22, 0xc3, 0x28, 0x22]));
    expect([status, body.code]).toEqual([400, 'malformed_json']);
  });

  it.each([
    '{"__proto__":{"admin":true}}',
    '[{"a":{"\\u005f_proto__":1}}]',
    '{"constructor":{"prototype":{}}}',
  ])('is a 400 when it reaches for a prototype: %s', async (text) => {
    const { status, body } = await post('/test/raw', text);
    expect([status, body.code]).toEqual([400, 'forbidden_key']);
  });

  it('may be nested 64 levels deep and not 65', async () => {
    expect((await post('/test/raw', '['.repeat(64) + ']'.repeat(64))).status).toBe(200);
    const { status, body } = await post('/test/raw', '['.repeat(65) + ']'.repeat(65));
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'validation_failed', errors: [{ code: 'too_deep' }] });
  });

  it('is a 413 above 5 MiB', async () => {
    expect((await post('/test/raw', JSON.stringify('x'.repeat(5 * 1024 * 1024 - 2)))).status).toBe(200);
    const { status, body } = await post('/test/raw', JSON.stringify('x'.repeat(5 * 1024 * 1024)));
    expect(status).toBe(413);
    expect(body).toMatchObject({ code: 'payload_too_large', title: 'Payload Too Large' });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])(
    'is a 415 as %s',
    async (type) => {
      const { status, body } = await post('/test/raw', '{}', { 'content-type': type });
      expect([status, body.code]).toEqual([415, 'unsupported_media_type']);
    },
  );

  it('is a 415 when it is compressed', async () => {
    const { status, body } = await post('/test/raw', '{}', { ...JSON_TYPE, 'content-encoding': 'gzip' });
    expect([status, body.code]).toEqual([415, 'unsupported_media_type']);
  });
});

describe('validation', () => {
  it('names every wrong, missing and unknown field with its place', async () => {
    const { status, headers, body } = await post(
      '/test/tree',
      '{"leaves":[{"size":1},{"size":"big","colour":"red"}],"x":1}',
    );
    expect(status).toBe(422);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ code: 'validation_failed', status: 422, title: 'Unprocessable Entity' });
    expect(body.errors).toEqual([
      { path: 'x', code: 'unknown_field', message: 'There is no field "x" here. Remove it.' },
      { path: 'name', code: 'required', message: 'Is required. Must be a string.' },
      {
        path: 'leaves[1].colour',
        code: 'unknown_field',
        message: 'There is no field "colour" here. Remove it.',
      },
      { path: 'leaves[1].size', code: 'is_int', message: 'Must be an integer number.' },
    ]);
  });

  it.each(['null', '[]', '"text"', '7'])('refuses %s where an object is wanted', async (text) => {
    const { status, body } = await post('/test/tree', text);
    expect(status).toBe(422);
    expect(body.errors).toEqual([{ path: 'body', code: 'is_object', message: 'Must be a JSON object.' }]);
  });

  it('gives a list its defaults and refuses what is out of range', async () => {
    expect((await app.call('GET', '/test/list')).body).toEqual({ limit: 50, order: 'desc' });
    expect((await app.call('GET', '/test/list?limit=250&order=asc')).body).toEqual({
      limit: 250,
      order: 'asc',
    });
    for (const query of [
      'limit=0',
      'limit=251',
      'limit=ten',
      'limit=',
      'order=up',
      'offset=3',
      'cursor=a&cursor=b',
    ]) {
      expect([query, (await app.call('GET', `/test/list?${query}`)).status]).toEqual([query, 422]);
    }
  });
});

describe('a problem', () => {
  it('has one shape, for unknown routes and methods too', async () => {
    for (const [method, path, expected, code] of [
      ['GET', '/v1/nothing', 404, 'not_found'],
      ['PUT', '/test/raw', 405, 'method_not_allowed'],
    ] as const) {
      const { status, headers, body } = await app.call(method, path);
      expect(status).toBe(expected);
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(body).toEqual({
        type: `urn:posthorn:problem:${code}`,
        title: STATUS_CODES[expected],
        status: expected,
        detail: expect.stringContaining('/docs'),
        code,
      });
    }
  });

  it('answers a URL that cannot be read', async () => {
    const { status, headers, body } = await app.call('GET', '/v1/spaces/%zz');
    expect([status, body.code]).toEqual([400, 'bad_request']);
    expect(headers.get('x-request-id')).not.toBeNull();
  });

  it('answers bytes that are no HTTP', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1', () => socket.write('hello\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => (text += String(chunk)));
      socket.on('end', () => resolve(text)).on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain('application/problem+json');
  });

  it('of ours tells nothing about its cause', async () => {
    const { status, body } = await app.call('GET', '/test/fault');
    expect(status).toBe(500);
    expect(body).toMatchObject({ code: 'internal', title: 'Internal Server Error' });
    expect(JSON.stringify(body)).not.toMatch(/SELECT|10\.0\.0\.7|\.ts|\.js/);
  });
});

describe('the log', () => {
  const errors: unknown[] = [];
  beforeEach(() => {
    errors.length = 0;
    const ignore = () => undefined;
    Logger.overrideLogger({ error: (line: unknown) => void errors.push(line), log: ignore, warn: ignore });
  });
  afterEach(() => void Logger.overrideLogger(false));

  it('names what failed on our side', async () => {
    await app.call('GET', '/test/fault');
    expect(errors).toEqual([expect.objectContaining({ msg: 'http.failed', route: '/test/fault' })]);
  });

  it('has one line of a database that is away, however many requests fail', async () => {
    for (let n = 0; n < 20; n += 1) expect((await app.call('GET', '/test/outage')).status).toBe(503);
    const error = 'connect ECONNREFUSED 10.0.0.7:5432';
    expect(errors).toEqual([
      expect.objectContaining({ msg: 'http.failed', code: 'unavailable', dropped: 0, error }),
    ]);
  });

  it('has one line for each request that failed for a reason we do not know', async () => {
    for (let n = 0; n < 3; n += 1) await app.call('GET', '/test/fault');
    expect(errors).toHaveLength(3);
  });

  it('is silent about a caller who hangs up within a body, in any way', async () => {
    const head = 'POST /v1/spaces HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';
    const { port } = new URL(app.url);
    for (const [body, end] of [
      ['content-length: 100\r\n\r\n{', 'destroy'],
      ['content-length: 100\r\n\r\n{', 'resetAndDestroy'],
      ['content-length: 100\r\n\r\n{', 'end'],
      ['transfer-encoding: chunked\r\n\r\n1\r\n{\r\n', 'destroy'],
      ['transfer-encoding: chunked\r\n\r\n1\r\n{\r\nnonsense\r\n', 'end'],
    ] as const) {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(head + body));
      await once(socket, 'connect');
      await sleep(50);
      socket[end]();
      socket.resume().on('error', () => undefined);
      await once(socket, 'close');
    }
    await staysSo(() => expect(errors).toEqual([]), {
      forMs: 100,
      because: 'a connection that ended is logged at once',
    });
  });
});

describe('the request id', () => {
  it('is taken when it is plain, and echoed on errors too', async () => {
    for (const path of ['/test/list', '/test/fault', '/nothing', '/v1/spaces?key=none']) {
      const { headers } = await app.call('GET', path, {
        key: null,
        headers: { 'x-request-id': 'trace-1.A_b' },
      });
      expect(headers.get('x-request-id')).toBe('trace-1.A_b');
    }
  });

  it.each(['', 'with space', '<script>', 'x'.repeat(129)])('is made anew instead of %j', async (given) => {
    const { headers } = await app.call('GET', '/test/list', { headers: { 'x-request-id': given } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('every answer', () => {
  it('is plain about its type and silent about its server', async () => {
    const { headers } = await app.call('GET', '/test/list');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  });

  it('below /v1 is kept by no cache', async () => {
    expect((await app.call('GET', '/v1/spaces')).headers.get('cache-control')).toBe('no-store');
  });

  it('is the same with a slash at the end', async () => {
    expect((await app.call('GET', '/test/list/')).status).toBe(200);
  });
});

describe('the reference', () => {
  it('shows Swagger UI from files of ours alone', async () => {
    const { status, headers, body: page } = await app.call<string>('GET', '/docs', { key: null });
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(page).not.toMatch(/https?:/);
    const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => String(match[1]));
    expect(files).toHaveLength(4);
    for (const file of files) {
      expect([file, (await app.call('GET', file, { key: null })).status]).toEqual([file, 200]);
    }
  });
});

describe('If-Match', () => {
  it.each([undefined, '*', etagOf(3), `"1", ${etagOf(3)}`])('%s lets version 3 through', (header) => {
    expect(() => checkIfMatch(header, 3)).not.toThrow();
  });

  it.each(['"2"', 'W/"3"', '3', '', '"33"'])('%s stops a change of version 3', (header) => {
    expect(() => checkIfMatch(header, 3)).toThrow(expect.objectContaining({ kind: 'precondition_failed' }));
  });
});

describe('a server that closes', () => {
  it('answers what is in flight and waits for no connection that is kept alive or was never used', async () => {
    const closing = await HttpTestApp.start([SpacesModule], [TestController]);
    const unused = connect(Number(new URL(closing.url).port), '127.0.0.1');
    await once(unused, 'connect');
    unused.on('error', () => undefined);
    const agent = new Agent({ keepAlive: true });
    const answers = Promise.all(
      ['/test/slow', '/test/slow'].map(async (path) => {
        const [answer] = (await once(get(closing.url + path, { agent }), 'response')) as [IncomingMessage];
        answer.resume();
        return [answer.statusCode, answer.headers.connection];
      }),
    );
    await eventually(() => slowOnes === 2);
    const closed = closing.close();
    await eventually(() =>
      closing.call('GET', '/test/list').then(
        () => false,
        () => true,
      ),
    );
    endSlow();
    const from = performance.now();
    expect(await answers).toEqual([
      [200, 'close'],
      [200, 'close'],
    ]);
    await closed;
    expect(performance.now() - from).toBeLessThan(3_000);
    agent.destroy();
  });
});
