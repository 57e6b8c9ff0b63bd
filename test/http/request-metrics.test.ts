import { Logger } from '@nestjs/common';
import Fastify from 'fastify';
import { readJsonBodies } from '../../src/http/json-body.js';
import { RequestMetrics } from '../../src/http/request-metrics.js';
import { ProcessMetrics } from '../../src/telemetry/process-metrics.js';
import { eventually } from '../support/condition.js';

afterEach(() => void Logger.overrideLogger(false));

it('the wide line of a publish request counts bytes, also where the request does not say how many', async () => {
  const lines: unknown[] = [];
  const keep = (line: unknown) => void lines.push(line);
  Logger.overrideLogger({ log: keep, warn: keep, error: keep });
  const app = Fastify();
  readJsonBodies(app);
  new RequestMetrics(new ProcessMetrics({ ofProcess: false }), true).watch(app);
  app.post('/v1/spaces/:space/events', (_request, reply) => reply.status(202).send({}));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const text = '{"name":"Zoë 山田"}';
  const headers = { 'content-type': 'application/json' };
  const at = `${url}/v1/spaces/acme/events`;
  for (const body of [text, new Blob([text]).stream()])
    await fetch(at, { method: 'POST', headers, body, duplex: 'half' });
  const line = expect.objectContaining({ msg: 'publish', bytes: Buffer.byteLength(text) }) as unknown;
  await eventually(() => expect(lines).toEqual([line, line]));
  await app.close();
});
