import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request a built-in receiver got. */
export interface Received {
  /** The endpoint's name: the path it was sent to. */
  endpoint: string;
  headers: Record<string, string>;
  body: string;
  /** Monotonic milliseconds. */
  at: number;
}

/** Gives the status to answer with. */
export type Behaviour = (request: Received) => number;

export interface DemoReceiver {
  /** `http://127.0.0.1:<port>/<endpoint>` */
  urlOf(endpoint: string): string;
  close(): Promise<void>;
}

/** A receiver with an endpoint for each behaviour, on a free port of this machine. */
export async function startDemoReceiver(behaviours: Record<string, Behaviour>): Promise<DemoReceiver> {
  const server = createServer((request, response) => {
    void read(request).then((received) => {
      response.statusCode = behaviours[received.endpoint]?.(received) ?? 404;
      response.end(response.statusCode < 300 ? 'thank you' : 'something broke');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (endpoint) => `http://127.0.0.1:${port}/${endpoint}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    endpoint: (request.url ?? '/').slice(1),
    headers: request.headers as Record<string, string>,
    body: Buffer.concat(chunks).toString(),
    at: performance.now(),
  };
}

/** An endpoint that fails its first `count` requests and is well from then on. */
export function failsFirst(count: number): Behaviour {
  let left = count;
  return () => {
    left -= 1;
    return left >= 0 ? 500 : 200;
  };
}
