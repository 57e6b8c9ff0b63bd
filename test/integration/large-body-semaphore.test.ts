import Fastify, { type FastifyInstance } from 'fastify';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, staysSo } from '../support/condition.js';
import { BodyBudget } from '../../src/http/body-budget.js';
import { ProblemFilter } from '../../src/http/problem.filter.js';
import { readJsonBodies } from '../../src/http/json-body.js';

const LARGE = JSON.stringify({ text: 'x'.repeat(20_000) });

describe('requests with large bodies', () => {
  let app: FastifyInstance;
  let url: string;
  let begun: number;
  let answer: (() => void)[];
  beforeEach(async () => {
    begun = 0;
    answer = [];
    app = Fastify();
    readJsonBodies(app);
    app.post('/', async () => {
      begun += 1;
      await new Promise<void>((resolve) => answer.push(resolve));
      return {};
    });
    url = await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterEach(() => app.close());

  const send = async (body: string) => {
    const { status } = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return status;
  };
  /** So many are read, and no more. */
  const begins = async (count: number) => {
    await eventually(() => expect(begun).toBe(count));
    await staysSo(() => begun === count, { forMs: 50, because: 'what may be read is read at once' });
  };

  it('take turns, two at a time, and a small one waits for nobody', async () => {
    const large = [send(LARGE), send(LARGE), send(LARGE), send(LARGE)];
    await begins(2);

    const small = send('{}');
    await begins(3);

    answer[0]?.();
    await begins(4);

    answer[1]?.();
    await begins(5);
    for (const end of answer) end();
    const answers = await Promise.all([...large, small]);
    expect(answers).toEqual([200, 200, 200, 200, 200]);
  });

  it('give their turn back when they cannot be read', async () => {
    const broken = await Promise.all(Array.from({ length: 5 }, () => send(`${LARGE}}`)));
    expect(broken.every((status) => status >= 400)).toBe(true);
    const large = [send(LARGE), send(LARGE)];
    await begins(2);
    for (const end of answer) end();
    await Promise.all(large);
  });

  it('keep no turn for longer than a second', async () => {
    const since = performance.now();
    const large = [send(LARGE), send(LARGE), send(LARGE)];
    await begins(2);
    await begins(3);
    expect(performance.now() - since).toBeGreaterThan(900);
    for (const end of answer) end();
    await Promise.all(large);
  });
});

describe('the bodies of a process', () => {
  const MANY = 60_000;
  let app: FastifyInstance;
  let url: string;
  let answer: (() => void)[];
  /** Callers whose access is being looked up, and how many have hung up. */
  let admit: (() => void)[];
  let gone: number;
  beforeEach(async () => {
    answer = [];
    admit = [];
    gone = 0;
    app = Fastify();
    const problems = new ProblemFilter();
    app.setErrorHandler((error, request, reply) => problems.answer(error, request, reply));
    app.addHook('onRequest', (request, reply, done) => {
      Object.assign(request, { space: { id: request.headers['x-space'] } });
      reply.raw.once('close', () => (gone += reply.raw.writableEnded ? 0 : 1));
      if (request.headers['x-slow'] === undefined) done();
      else admit.push(done);
    });
    readJsonBodies(app, new BodyBudget({ one: 2 * MANY, all: 3 * MANY }));
    app.post('/', async () => {
      await new Promise<void>((resolve) => answer.push(resolve));
      return {};
    });
    url = await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterEach(() => app.close());

  const text = JSON.stringify({ text: 'x'.repeat(MANY - 20) });
  const send = async (space: string, body: string | ReadableStream = text) => {
    const headers = { 'content-type': 'application/json', 'x-space': space };
    return fetch(url, { method: 'POST', headers, body, ...(typeof body !== 'string' && { duplex: 'half' }) });
  };
  /** Without a length. */
  const stream = () => new Blob([text, ' '.repeat(2 * MANY)]).stream();

  it('are bounded for each space and for all together, before they are read, until they are answered', async () => {
    const taken = [send('a'), send('a')];
    await eventually(() => expect(answer).toHaveLength(2));
    const mine = await send('a');
    expect([mine.status, mine.headers.get('retry-after')]).toEqual([429, '1']);
    taken.push(send('b'));
    const all = await send('c');
    expect([all.status, all.headers.get('retry-after')]).toEqual([429, '1']);
    // Small ones pass.
    taken.push(send('a', '{}'));
    await eventually(() => expect(answer).toHaveLength(3));
    for (const end of answer) end();
    await eventually(() => expect(answer).toHaveLength(4));
    for (const end of answer) end();
    expect(await Promise.all(taken.map(async (each) => (await each).status))).toEqual([200, 200, 200, 200]);
    const again = send('a');
    await eventually(() => expect(answer).toHaveLength(5));
    answer[4]?.();
    expect((await again).status).toBe(200);
  });

  it('count as they come where they do not say how long they are', async () => {
    expect((await send('a', stream())).status).toBe(429);
    const again = send('a');
    await eventually(() => expect(answer).toHaveLength(1));
    answer[0]?.();
    expect((await again).status).toBe(200);
  });

  /** A body that is refused within, and goes on to its end. */
  const refusedAndRead = async () => {
    const chunk = `${(20_000).toString(16)}\r\n${'x'.repeat(20_000)}\r\n`;
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let received = '';
    socket.on('data', (bytes: Buffer) => (received += bytes.toString()));
    socket.write(
      'POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nx-space: a\r\n' +
        'transfer-encoding: chunked\r\n\r\n',
    );
    socket.write(chunk.repeat(7));
    await eventually(() => expect(received).toContain('429'));
    // An answer to what follows it: then all of it has been read.
    socket.write(`${chunk.repeat(5)}0\r\n\r\nGET /after HTTP/1.1\r\nhost: a\r\n\r\n`);
    await eventually(() => expect(received).toContain('404'));
    socket.destroy();
  };

  it('count no longer when they are answered, though their callers go on sending', async () => {
    await refusedAndRead();
    const again = send('a');
    await eventually(() => expect(answer).toHaveLength(1));
    answer[0]?.();
    expect((await again).status).toBe(200);
  });

  it('take no turn once they are refused', async () => {
    for (let n = 0; n < 6; n += 1) await refusedAndRead();
    const since = performance.now();
    const again = send('a');
    await eventually(() => expect(answer).toHaveLength(1));
    // Each turn of a request that nobody answers any more would last a second.
    expect(performance.now() - since).toBeLessThan(1_000);
    answer[0]?.();
    expect((await again).status).toBe(200);
  });

  it('count no longer when their caller has hung up before they are read', async () => {
    for (let n = 0; n < 4; n += 1) {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.write(
        `POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nx-space: a\r\nx-slow: 1\r\n` +
          `content-length: ${MANY}\r\n\r\n`,
      );
      await eventually(() => expect(admit).toHaveLength(1));
      socket.destroy();
      await eventually(() => expect(gone).toBe(n + 1));
      admit.pop()?.();
    }
    const again = send('a');
    await eventually(() => expect(answer).toHaveLength(1));
    answer[0]?.();
    expect((await again).status).toBe(200);
  });

  it('take turns by space', async () => {
    const order: string[] = [];
    const body = JSON.stringify({ text: 'x'.repeat(20_000) });
    const small = async (space: string) => {
      const answered = await send(space, body);
      order.push(`${space}${answered.status}`);
    };
    const all = [small('a'), small('a')];
    await eventually(() => expect(answer).toHaveLength(2));
    all.push(small('a'), small('a'));
    await sleep(50);
    all.push(small('b'));
    await sleep(50);
    answer[0]?.();
    await eventually(() => expect(answer).toHaveLength(3));
    answer[1]?.();
    await eventually(() => expect(answer).toHaveLength(4));
    for (const end of answer) end();
    await eventually(() => expect(answer).toHaveLength(5));
    answer[4]?.();
    await Promise.all(all);
    expect(order.indexOf('b200')).toBe(3);
  });
});
