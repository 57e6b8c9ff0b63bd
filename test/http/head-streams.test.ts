import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import Fastify from 'fastify';
import { endStreamsOfHead } from '../../src/http/head-streams.js';

it('of a stream that HEAD asks for nothing is read, and what it holds is given back', async () => {
  let read = 0;
  let ended = 0;
  const fastify = Fastify();
  endStreamsOfHead(fastify);
  fastify.get('/rows', (_request, reply) => {
    const rows = (function* () {
      for (let n = 0; n < 10_000; n += 1) {
        read += 1;
        yield `${n}\n`;
      }
    })();
    return reply.type('text/csv').send(Readable.from(rows).on('close', () => (ended += 1)));
  });
  const url = await fastify.listen({ port: 0, host: '127.0.0.1' });
  const head = await fetch(`${url}/rows`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, 'text/csv', '']);
  await turn();
  expect([read, ended]).toEqual([0, 1]);
  expect((await (await fetch(`${url}/rows`)).text()).split('\n')).toHaveLength(10_001);
  await fastify.close();
});
