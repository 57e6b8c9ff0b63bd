import Fastify, { type FastifyInstance } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
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
  const soon = () => sleep(50);

  it('take turns, two at a time, and a small one waits for nobody', async () => {
    const large = [send(LARGE), send(LARGE), send(LARGE), send(LARGE)];
    await soon();
    expect(begun).toBe(2);

    const small = send('{}');
    await soon();
    expect(begun).toBe(3);

    answer[0]?.();
    await soon();
    expect(begun).toBe(4);

    answer[1]?.();
    await soon();
    expect(begun).toBe(5);
    for (const end of answer) end();
    const answers = await Promise.all([...large, small]);
    expect(answers).toEqual([200, 200, 200, 200, 200]);
  });

  it('give their turn back when they cannot be read', async () => {
    const broken = await Promise.all(Array.from({ length: 5 }, () => send(`${LARGE}}`)));
    expect(broken.every((status) => status >= 400)).toBe(true);
    const large = [send(LARGE), send(LARGE)];
    await soon();
    expect(begun).toBe(2);
    for (const end of answer) end();
    await Promise.all(large);
  });

  it('keep no turn for longer than a second', async () => {
    const large = [send(LARGE), send(LARGE), send(LARGE)];
    await soon();
    expect(begun).toBe(2);
    await sleep(1_100);
    expect(begun).toBe(3);
    for (const end of answer) end();
    await Promise.all(large);
  });
});
