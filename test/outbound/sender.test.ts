import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { eventually } from '../support/condition.js';
import { refusedPort, TEST_CA } from '../support/receiver.js';
import { nameServer, rawReceiver, receiver, send, sender } from '../support/sending.js';

/** Writes the same bytes for as long as somebody reads them. */
function flood(socket: Socket, bytes: string): void {
  const more = (): void => {
    while (socket.writable && socket.write(bytes));
  };
  socket.on('drain', more);
  more();
}

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const FINAL = 'HTTP/1.1 200 OK\r\nx-a: b\r\ncontent-length: 2\r\n\r\nok';

/** Writes the pieces in packets of their own. */
async function inPackets(socket: Socket, pieces: string[]): Promise<void> {
  for (const piece of pieces) {
    socket.write(piece);
    await sleep(15);
  }
}

describe('a request', () => {
  it('arrives as it was given, byte for byte and in the order of its headers', async () => {
    const { url, requests } = await receiver();
    const body = Buffer.from('{"a": 1.0, "ü": "\\u0000"}');
    const outcome = await send(`${url}?x=1&y=%20`, {
      headers: [
        ['content-type', 'application/json'],
        ['webhook-id', 'evt_1'],
        ['X-Own', 'a  b'],
      ],
      body,
    });
    expect(outcome.statusCode).toBe(200);
    const [request] = requests;
    expect(request?.method).toBe('POST');
    expect(request?.path).toBe('/hook?x=1&y=%20');
    expect(request?.body.equals(body)).toBe(true);
    expect(request?.rawHeaders.filter((_, index) => index % 2 === 0)).toEqual([
      'host',
      'connection',
      'content-type',
      'webhook-id',
      'X-Own',
      'content-length',
    ]);
    expect(request?.headers['x-own']).toBe('a  b');
  });

  it('may have an empty body', async () => {
    const { url, requests } = await receiver();
    await send(url, { body: Buffer.alloc(0) });
    expect(requests[0]?.headers['content-length']).toBe('0');
  });

  it('becomes an internal error, not an exception, when it cannot be sent at all', async () => {
    for (const url of ['nonsense', 'ftp://127.0.0.1/', 'file:///etc/passwd']) {
      expect(await send(url)).toMatchObject({ statusCode: null, errorCode: 'internal' });
    }
    const { url } = await receiver();
    expect(await send(url, { headers: [['bad name', 'x']] })).toMatchObject({ errorCode: 'internal' });
    expect(await send(url, { headers: [['x', 'a\r\nb: c']] })).toMatchObject({ errorCode: 'internal' });
  });
});

describe('an answer', () => {
  it.each([200, 201, 204, 299, 301, 302, 400, 404, 410, 429, 500, 503, 599])(
    'with status %i is reported as it is',
    async (status) => {
      const { url } = await receiver(() => ({ status }));
      const outcome = await send(url);
      expect(outcome).toMatchObject({ statusCode: status, errorCode: null, errorDetail: null });
    },
  );

  it('comes with its headers in order, its body and the time each part took', async () => {
    const { url } = await receiver(() => ({
      headers: { 'Retry-After': '7', 'x-b': 'é' },
      body: 'thanks',
      delayMs: 30,
    }));
    const outcome = await send(url);
    expect(outcome.responseHeaders.slice(0, 2)).toEqual([
      ['Retry-After', '7'],
      ['x-b', 'é'],
    ]);
    expect(outcome.responseBody.toString()).toBe('thanks');
    expect(outcome.truncated).toBe(false);
    expect(outcome.addressClass).toBe('loopback');
    const { dns, connect, tls, firstByte, total } = outcome.timings;
    expect(dns).toBeNull();
    expect(tls).toBeNull();
    expect(connect).toBeGreaterThan(0);
    expect(firstByte).toBeGreaterThanOrEqual(25);
    expect(total).toBeGreaterThanOrEqual(firstByte ?? Infinity);
  });

  it('that redirects is not followed', async () => {
    const target = await receiver();
    const { url } = await receiver(() => ({ status: 307, headers: { location: target.url } }));
    expect(await send(url)).toMatchObject({ statusCode: 307 });
    expect(target.requests).toHaveLength(0);
  });

  it('that is compressed stays so', async () => {
    const body = gzipSync('x'.repeat(1_000_000));
    const { url, requests } = await receiver(() => ({ headers: { 'content-encoding': 'gzip' }, body }));
    const outcome = await send(url);
    expect(outcome.responseBody.equals(body)).toBe(true);
    expect(requests[0]?.headers['accept-encoding']).toBeUndefined();
  });

  it('of exactly 64 KiB is whole', async () => {
    const { url } = await receiver(() => ({ body: Buffer.alloc(65_536, 1) }));
    const outcome = await send(url);
    expect(outcome.responseBody).toHaveLength(65_536);
    expect(outcome.truncated).toBe(false);
  });

  it('without an end is cut at 64 KiB and its connection closed', async () => {
    const { url, connections } = await rawReceiver((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      flood(socket, 'x'.repeat(10_000));
    });
    const outcome = await send(url);
    expect(outcome).toMatchObject({ statusCode: 200, errorCode: null, truncated: true });
    expect(outcome.responseBody.toString()).toBe('x'.repeat(65_536));
    await eventually(() => connections[0]?.destroyed);
  });

  it('that ends with the connection counts as whole', async () => {
    const { url } = await rawReceiver((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nbye'));
    const outcome = await send(url);
    expect(outcome).toMatchObject({ statusCode: 200, truncated: false });
    expect(outcome.responseBody.toString()).toBe('bye');
  });

  it('keeps its body, whatever that looks like', async () => {
    const length = `content-length: ${3 * CONTINUE.length}\r\n\r\n`;
    const { url } = await rawReceiver((socket) => {
      void inPackets(socket, [
        `${CONTINUE}HTTP/1.1 200 OK\r\n`,
        length,
        CONTINUE,
        CONTINUE,
        'HTTP/1',
        '.1 100 Continue\r\n\r\n',
      ]);
    });
    const outcome = await send(url);
    expect(outcome.responseBody.toString()).toBe(CONTINUE.repeat(3));
  });

  it('keeps its status when the body breaks off', async () => {
    const { url } = await rawReceiver((socket) => {
      socket.write('HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\npart', () =>
        socket.resetAndDestroy(),
      );
    });
    expect(await send(url)).toMatchObject({ statusCode: 202, errorCode: null, truncated: true });
  });

  it('keeps its status when the body is no valid HTTP', async () => {
    const { url } = await rawReceiver((socket) => {
      socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnonsense\r\n');
    });
    expect(await send(url)).toMatchObject({ statusCode: 200, errorCode: null, truncated: true });
  });

  it.each([
    ['two lengths', 'content-length: 1\r\ncontent-length: 2\r\n\r\nab', /two lengths/],
    ['a header without a colon', 'nonsense\r\n\r\n', /invalid name/],
    ['endless headers', `x-filler: ${'x'.repeat(1000)}\r\n`.repeat(40), /too long/],
  ])('keeps its status and headers where the rest is malformed: %s', async (_, rest, detail) => {
    for (const status of [200, 410, 503]) {
      const { url } = await rawReceiver((socket) =>
        socket.write(`HTTP/1.1 ${status} X\r\nx-a: b\r\n${rest}`),
      );
      const outcome = await send(url);
      expect(outcome).toMatchObject({ statusCode: status, errorCode: null, truncated: true });
      expect(outcome.errorDetail).toMatch(detail);
      expect(outcome.responseHeaders[0]).toEqual(['x-a', 'b']);
    }
  });

  it('keeps its status and headers when these break off', async () => {
    for (const how of ['end', 'resetAndDestroy'] as const) {
      const { url } = await rawReceiver((socket) => {
        socket.write('HTTP/1.1 503 Busy\r\nretry-after: 7\r\nx-a: ', () => socket[how]());
      });
      expect(await send(url)).toMatchObject({
        ...{ statusCode: 503, errorCode: null, responseHeaders: [['retry-after', '7']], truncated: true },
        errorDetail: 'The connection was closed before the response was complete.',
      });
    }
  });

  it('keeps its status and headers when these drip past the deadline', async () => {
    const { url } = await rawReceiver((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('x-drip: 1\r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    const outcome = await send(url, { timeoutMs: 300 });
    expect(outcome).toMatchObject({ statusCode: 200, errorCode: null, truncated: true });
    expect(outcome.errorDetail).toBe('The response was not complete within 300 ms.');
    expect(outcome.responseHeaders[0]).toEqual(['x-drip', '1']);
  });

  it('keeps its status when the body drips past the deadline', async () => {
    const { url } = await rawReceiver((socket) => {
      socket.write('HTTP/1.1 500 Oops\r\ncontent-length: 1000\r\n\r\n');
      const timer = setInterval(() => socket.write('.'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    const outcome = await send(url, { timeoutMs: 300 });
    expect(outcome).toMatchObject({ statusCode: 500, errorCode: null, truncated: true });
    expect(outcome.responseBody.length).toBeGreaterThan(1);
    expect(outcome.timings.total).toBeGreaterThanOrEqual(295);
  });
});

describe('no answer', () => {
  it('before the deadline is a timeout, and the connection is closed', async () => {
    const { url, connections } = await rawReceiver(() => undefined);
    const outcome = await send(url, { timeoutMs: 200 });
    expect(outcome).toMatchObject({ statusCode: null, errorCode: 'timeout', truncated: false });
    expect(outcome.timings.total).toBeLessThan(2_000);
    await eventually(() => connections[0]?.destroyed);
  });

  it('is also a status line that does not end before the deadline', async () => {
    const { url } = await rawReceiver((socket) => socket.write('HTTP/1.1 200 O'));
    expect(await send(url, { timeoutMs: 300 })).toMatchObject({ statusCode: null, errorCode: 'timeout' });
  });

  it('is also a stream of interim answers, slow or fast', async () => {
    const interim = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';
    const slow = await rawReceiver((socket) => {
      const timer = setInterval(() => socket.write(interim), 20);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await send(slow.url, { timeoutMs: 300 })).toMatchObject({
      statusCode: null,
      errorCode: 'timeout',
    });
    for (const bytes of [interim, CONTINUE, CONTINUE.repeat(500)]) {
      const fast = await rawReceiver((socket) => flood(socket, bytes));
      expect(await send(fast.url)).toMatchObject({ statusCode: null, errorCode: 'timeout' });
    }
  });

  it('before the name was looked up is a timeout that says so', async () => {
    const names = await nameServer(() => 'silent');
    const through = sender({ nameServers: [names.address] });
    expect(await send('http://silent.example/', { timeoutMs: 200 }, through)).toMatchObject({
      errorCode: 'timeout',
      errorDetail: 'The host name could not be looked up: the name servers did not respond in time.',
    });
  });

  it('is also a TLS handshake that never goes on', async () => {
    const { port } = await rawReceiver(() => undefined, 'connect');
    const outcome = await send(`https://127.0.0.1:${port}/`, { timeoutMs: 300 });
    expect(outcome).toMatchObject({ statusCode: null, errorCode: 'timeout' });
  });

  it('because the connection was closed is a reset', async () => {
    const reset = await rawReceiver((socket) => socket.resetAndDestroy());
    expect(await send(reset.url)).toMatchObject({ statusCode: null, errorCode: 'connection_reset' });
    const ended = await rawReceiver((socket) => socket.end());
    expect(await send(ended.url)).toMatchObject({ statusCode: null, errorCode: 'connection_reset' });
    const inStatus = await rawReceiver((socket) => socket.end('HTTP/1.1 200 OK'));
    expect(await send(inStatus.url)).toMatchObject({ statusCode: null, errorCode: 'connection_reset' });
  });

  it('because nobody listens is a refused connection, reported without the address', async () => {
    const outcome = await send(`http://127.0.0.1:${await refusedPort()}/`);
    expect(outcome).toMatchObject({ errorCode: 'connection_refused', addressClass: null });
    expect(outcome.errorDetail).not.toMatch(/\d/);
  });

  it.each([
    ['status 1000', 'HTTP/1.1 1000 Denied\r\ncontent-length: 0\r\n\r\n'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['HTTP/0.9', '<html>hello</html>'],
    ['an interim answer with status 1000', `HTTP/1.1 1000 Much\r\n\r\n${FINAL}`],
    ['an interim answer without a colon', `HTTP/1.1 100 Continue\r\nnonsense\r\n\r\n${FINAL}`],
    ['an interim answer of HTTP/3.0', `HTTP/3.0 100 Continue\r\n\r\n${FINAL}`],
    ['nonsense after an interim answer', `HTTP/1.1 100 Continue\r\n\r\nnonsense`],
    [
      'an interim answer with endless headers',
      `HTTP/1.1 100 C\r\n${'x-filler: 1234567890\r\n'.repeat(4000)}`,
    ],
    ['endless empty lines', '\r\n'.repeat(20_000)],
  ])('but %s is a protocol error', async (_, answer) => {
    const { url } = await rawReceiver((socket) => socket.write(answer));
    expect(await send(url)).toMatchObject({ statusCode: null, errorCode: 'protocol_error' });
  });

  it.each([
    [101, '101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n\x00\x01', ''],
    [101, '101\r\nupgrade: x\r\ncontent-length: 5\r\n\r\n', ''],
    [0, '000 Nothing\r\nx-a: b\r\ncontent-length: 2\r\n\r\nno', 'no'],
    [99, '099 \r\ncontent-length: 2\r\n\r\nno', 'no'],
    [600, '600 Much \xe9 \t more\r\ncontent-length: 2\r\n\r\nno', 'no'],
    [999, '999 Denied\r\ntransfer-encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n', 'no'],
  ])('but of status %i keeps status, headers and body', async (status, answer, body) => {
    const { url } = await rawReceiver((socket) => socket.write(`HTTP/1.1 ${answer}`, 'latin1'));
    const outcome = await send(url);
    expect(outcome).toMatchObject({ statusCode: status, errorCode: null, truncated: false });
    expect(outcome.errorDetail).toBe(`HTTP has no final status ${status}.`);
    expect(outcome.responseHeaders).not.toHaveLength(0);
    expect(outcome.responseBody.toString()).toBe(body);
  });

  it('but of interim responses only says so', async () => {
    const { url } = await rawReceiver((socket) =>
      socket.end('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'),
    );
    const outcome = await send(url);
    expect(outcome).toMatchObject({ statusCode: null, errorCode: 'connection_reset' });
    expect(outcome.errorDetail).toMatch(/closed before .* Only an interim response \(103\) came/);
  });

  it.each([
    ['a 103', ['HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n']],
    ['a 102', ['HTTP/1.1 102 Processing\r\n\r\n']],
    ['a 100', [CONTINUE]],
    ['a 100 in the same packet', [CONTINUE + FINAL], ''],
    ['a 100 without a phrase', ['HTTP/1.1 100\r\n\r\n']],
    ['a 100 with headers', ['HTTP/1.1 100 Continue\r\nx-b: HTTP/1.1 100 \r\nx-c: d\r\n\r\n']],
    ['a 100 of HTTP/1.0', ['HTTP/1.0 100 Continue\r\n\r\n']],
    ['a 100 that wishes to close', ['HTTP/1.1 100 Continue\r\nconnection: close\r\n\r\n']],
    ['two 100 at once', [CONTINUE + CONTINUE]],
    ['two 100, one by one', [CONTINUE, CONTINUE]],
    ['a 102 and a 100', [`HTTP/1.1 102 Processing\r\n\r\n${CONTINUE}`]],
    ['a 100 and a 103', [`${CONTINUE}HTTP/1.1 103 Early Hints\r\n\r\n`]],
    ['a 100 after an empty line', [`\r\n${CONTINUE}`]],
    ['a 100 in pieces', ['HTT', 'P/1.1 1', '00 Continue\r\n\r\n']],
    ['a 100 of HTTP/1.0 in pieces', ['HTTP/1.0', ' 10', '0 Continue\r\n\r', '\n']],
    ['a 100 byte by byte', [...CONTINUE]],
    [
      'a 100 and a final answer in pieces',
      [`${CONTINUE}HTTP/1`, '.1 2', '00 OK\r\nx-a: b\r\ncontent-length: 2\r\n\r\nok'],
      '',
    ],
  ])('is fine when a final answer follows %s', async (_, packets, final = FINAL) => {
    const { url, connections } = await rawReceiver((socket) => void inPackets(socket, [...packets, final]));
    const through = sender();
    for (let request = 0; request < 2; request += 1) {
      const outcome = await send(url, {}, through);
      expect(outcome).toMatchObject({ statusCode: 200, errorCode: null, truncated: false });
      expect(outcome.responseHeaders).toEqual([
        ['x-a', 'b'],
        ['content-length', '2'],
      ]);
      expect(outcome.responseBody.toString()).toBe('ok');
      await sleep(20);
    }
    expect(connections).toHaveLength(1);
  });
});

describe('TLS', () => {
  it('works for a name and for an address of the certificate, and takes its time into account', async () => {
    const { port } = await receiver(() => ({ body: 'safe' }), 'localhost');
    const through = sender({ extraCa: [TEST_CA] });
    const outcome = await send(`https://localhost:${port}/`, {}, through);
    expect(outcome).toMatchObject({ statusCode: 200, addressClass: 'loopback' });
    expect(outcome.timings.tls).toBeGreaterThan(0);
    expect(await send(`https://127.0.0.1:${port}/`, {}, through)).toMatchObject({ statusCode: 200 });
  });

  it.each([
    ['from an unknown authority', 'localhost', []],
    ['that is self-signed', 'self-signed', [TEST_CA]],
    ['for another name', 'elsewhere', [TEST_CA]],
    ['that is over', 'expired', [TEST_CA]],
  ] as const)('refuses a certificate %s', async (_, certificate, extraCa) => {
    const { port, requests } = await receiver(undefined, certificate);
    const through = sender({ extraCa });
    for (const host of ['localhost', '127.0.0.1']) {
      const outcome = await send(`https://${host}:${port}/`, {}, through);
      expect(outcome).toMatchObject({ statusCode: null, errorCode: 'tls_error' });
    }
    expect(requests).toHaveLength(0);
  });

  it('fails with a TLS error on a port that speaks plain HTTP', async () => {
    const { port } = await receiver();
    expect(await send(`https://127.0.0.1:${port}/`)).toMatchObject({ errorCode: 'tls_error' });
  });

  it('is a reset when the other side hangs up in the handshake', async () => {
    const { port } = await rawReceiver((socket) => socket.destroy());
    expect(await send(`https://127.0.0.1:${port}/`)).toMatchObject({ errorCode: 'connection_reset' });
  });
});
