import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { Body, Controller, Module, Post, UseInterceptors, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  createReceiver,
  expressHandler,
  fastifyPlugin,
  honoHandler,
  nodeHandler,
  requestHandler,
  type EventHandler,
  type Receiver,
  type WebhookEvent,
} from '@posthorn/receiver';
import { ReceivedWebhook, webhookInterceptor } from '@posthorn/receiver/nestjs';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';

const BODY = '{"type":"lead.create","data":{"name":"Zoë 山田","deal":1.0}}';

interface Host {
  port: number;
  close: () => Promise<unknown>;
}

type Start = (receiver: Receiver, process: EventHandler) => Promise<Host>;

async function listening(server: Server): Promise<Host> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, close };
}

/** What an edge runtime does: gives the request to a function as a `Request`. */
function serve(handler: (request: Request) => Promise<Response>): RequestListener {
  return (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const headers = incoming.headers as Record<string, string>;
      const init = { method: 'POST', headers, body: Buffer.concat(chunks) };
      handler(new Request(`http://127.0.0.1${incoming.url ?? ''}`, init)).then(
        async (response) => outgoing.writeHead(response.status).end(await response.text()),
        () => outgoing.writeHead(500).end(),
      );
    });
  };
}

async function nest(app: INestApplication): Promise<Host> {
  await app.listen(0, '127.0.0.1');
  return { port: Number(new URL(await app.getUrl()).port), close: () => app.close() };
}

function nestModule(receiver: Receiver, process: EventHandler) {
  @Controller('hook')
  class HooksController {
    @Post()
    @UseInterceptors(webhookInterceptor(receiver))
    async receive(@ReceivedWebhook() event: WebhookEvent, @Body() body: unknown) {
      expect(body).toEqual(event.body);
      await process(event);
    }
  }
  @Module({ controllers: [HooksController] })
  class HostModule {}
  return HostModule;
}

/** Express's own handler would print what the test throws. */
const quietly: express.ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) next(error);
  else response.status(500).end();
};

const quiet = { logger: false, rawBody: true } as const;
const HOSTS: [name: string, start: Start][] = [
  [
    'Express, with a parser for its other routes',
    (receiver, process) => {
      const app = express();
      app.post('/hook', expressHandler(receiver, process));
      app.use(express.json());
      app.use(quietly);
      return listening(createServer(app as RequestListener));
    },
  ],
  [
    'Express, with the bytes kept by express.raw',
    (receiver, process) => {
      const app = express();
      app.post('/hook', express.raw({ type: '*/*' }), expressHandler(receiver, process));
      app.use(quietly);
      return listening(createServer(app as RequestListener));
    },
  ],
  [
    'Fastify, whose other routes parse JSON as before',
    async (receiver, process) => {
      const app = fastify();
      await app.register(fastifyPlugin(receiver, '/hook', process));
      app.post('/other', (request) => Promise.resolve(request.body));
      await app.listen({ host: '127.0.0.1', port: 0 });
      const { port } = app.server.address() as AddressInfo;
      const headers = { 'content-type': 'application/json' };
      const other = await fetch(`http://127.0.0.1:${port}/other`, {
        method: 'POST',
        headers,
        body: '{"a":1}',
      });
      expect(await other.json()).toEqual({ a: 1 });
      const put = await fetch(`http://127.0.0.1:${port}/hook`, { method: 'PUT', headers, body: '{}' });
      expect(put.status).toBe(400);
      return { port, close: () => app.close() };
    },
  ],
  [
    'NestJS on Express',
    async (receiver, process) =>
      nest(await NestFactory.create(nestModule(receiver, process), new ExpressAdapter(), quiet)),
  ],
  [
    'NestJS on Fastify',
    async (receiver, process) =>
      nest(await NestFactory.create(nestModule(receiver, process), new FastifyAdapter(), quiet)),
  ],
  [
    'Hono',
    (receiver, process) => {
      const app = new Hono();
      app.post('/hook', honoHandler(receiver, process));
      app.onError((_error, context) => context.body(null, 500));
      return listening(createServer(serve(async (request) => app.fetch(request))));
    },
  ],
  [
    'a function of a Request, as in Next.js, Deno and Bun',
    (receiver, process) => listening(createServer(serve(requestHandler(receiver, process)))),
  ],
  [
    'Node’s own server',
    (receiver, process) => {
      const handler = nodeHandler(receiver, process);
      return listening(
        createServer((request, response) => void handler(request, response).catch(() => undefined)),
      );
    },
  ],
];

const { tenant } = useStory();

describe.each(HOSTS)('%s', (_, start) => {
  it('processes what an engine delivers once, again after a failure, and nothing forged', async () => {
    const seen: string[] = [];
    const process: EventHandler = ({ id, data }) => {
      seen.push(String(id));
      if (seen.length === 1) throw new Error('not this time');
      expect(data).toEqual({ name: 'Zoë 山田', deal: 1 });
    };
    // The secret is known once the subscription is made, which needs the address.
    const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
    const host = await start(createReceiver({ secrets: secret, maxBytes: 5_000 }), process);
    const url = `http://127.0.0.1:${host.port}/hook`;
    await tenant.subscribe(url, { secret, retrySchedule: [1, 1, 1] });
    const { id } = await tenant.publish(BODY);
    await eventually(async () => {
      const [first] = await tenant.deliveries();
      expect(first?.status).toBe('succeeded');
    });
    expect(seen).toEqual([id, id]);

    const signature = new Webhook(secret).sign(id, new Date(), BODY);
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
      'webhook-signature': signature,
    };
    const send = async (body: string) => (await fetch(url, { method: 'POST', headers, body })).status;
    // NestJS gives a repetition the status of its route.
    expect([200, 201]).toContain(await send(BODY));
    expect(await send(BODY.replace('Zoë', 'Zoe'))).toBe(400);
    expect(await send(`{"x":"${'x'.repeat(5_001)}"}`)).toBe(413);
    expect(seen).toEqual([id, id]);
    await host.close();
  });
});

it('a sender that hangs up within its body is refused, and is no fault of the application', async () => {
  const refused: string[] = [];
  const failures: unknown[] = [];
  const secrets = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
  const receiver = createReceiver({ secrets, onRejected: ({ code }) => refused.push(code) });
  const handler = nodeHandler(receiver, () => undefined);
  const server = createServer((request, response) => {
    handler(request, response).catch((error: unknown) => failures.push(error));
  });
  const host = await listening(server);
  const sender = connect(host.port, '127.0.0.1');
  sender.write('POST /hook HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{"type":');
  await once(server, 'request');
  sender.destroy();
  await eventually(() => expect([refused, failures]).toEqual([['malformed'], []]));
  await host.close();
});

it('a body that a parser took is a fault of the application, and says how to mend it', async () => {
  const receiver = createReceiver({ secrets: `whsec_${Buffer.alloc(32, 5).toString('base64')}` });
  const app = express();
  const errors: unknown[] = [];
  app.use(express.json());
  app.post(
    '/hook',
    expressHandler(receiver, () => undefined),
  );
  app.use(((error, _request, response, next) => {
    errors.push(error);
    quietly(error, _request, response, next);
  }) satisfies express.ErrorRequestHandler);
  const host = await listening(createServer(app as RequestListener));
  const headers = { 'content-type': 'application/json' };
  await fetch(`http://127.0.0.1:${host.port}/hook`, { method: 'POST', headers, body: '{}' });
  expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('express.raw') })]);
  await host.close();
});
