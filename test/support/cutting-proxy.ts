import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy that ends connections after so many bytes of the server's. */
export interface CuttingProxy {
  url: string;
  /** How many it has cut since `cutAfter`. */
  readonly cuts: number;
  /** Each limit is for one connection; those after them are left alone. */
  cutAfter: (...bytes: number[]) => void;
  close: () => Promise<void>;
}

export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  let limits: number[] = [];
  let cuts = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const limit = limits.shift() ?? Infinity;
    let passed = 0;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => [client, upstream].forEach((one) => one.destroy()));
    }
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      passed += chunk.length;
      if (passed < limit) {
        if (client.write(chunk)) return;
        upstream.pause();
        client.once('drain', () => upstream.resume());
        return;
      }
      cuts += 1;
      // What came so far is delivered.
      client.end(chunk);
      upstream.destroy();
    });
    upstream.on('end', () => client.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get cuts() {
      return cuts;
    },
    cutAfter: (...bytes) => {
      limits = bytes;
      cuts = 0;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
