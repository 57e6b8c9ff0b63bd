import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A line to a server that a test can cut, freeze or make lose an answer. */
export class Proxy {
  private readonly pairs = new Set<{ client: Socket; upstream: Socket }>();
  private refusing = false;
  private frozen = false;
  private lossy: { pattern: Buffer; left: number } | null = null;

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  static async start(target: number): Promise<Proxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Proxy(server, target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Cuts every connection and refuses new ones. */
  down(): void {
    this.refusing = true;
    this.cut();
  }

  up(): void {
    this.refusing = false;
    this.frozen = false;
    for (const { client, upstream } of this.pairs) {
      client.resume();
      upstream.resume();
    }
  }

  /** Connections stay open, and nothing moves on them. */
  freeze(): void {
    this.frozen = true;
    for (const { client, upstream } of this.pairs) {
      client.pause();
      upstream.pause();
    }
  }

  cut(): void {
    for (const { client, upstream } of this.pairs) {
      client.destroy();
      upstream.destroy();
    }
    this.pairs.clear();
  }

  /** Passes the next `times` requests that contain `text` on, and cuts the connection before their answer comes back. */
  loseAnswersTo(text: string, times: number): void {
    this.lossy = { pattern: Buffer.from(text), left: times };
  }

  get answersLost(): boolean {
    return this.lossy?.left === 0;
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(client: Socket): void {
    client.on('error', () => undefined);
    if (this.refusing) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(this.target, '127.0.0.1');
    const pair = { client, upstream };
    let mute = false;
    this.pairs.add(pair);
    upstream.on('error', () => client.destroy());
    client.on('close', () => {
      upstream.destroy();
      this.pairs.delete(pair);
    });
    upstream.on('close', () => client.destroy());
    client.on('data', (chunk: Buffer) => {
      upstream.write(chunk);
      if (!this.lossy || this.lossy.left === 0 || !chunk.includes(this.lossy.pattern)) return;
      this.lossy.left -= 1;
      mute = true;
    });
    upstream.on('data', (chunk: Buffer) => {
      // The server has answered, so it has done what was asked; the client will never know.
      if (mute) client.destroy();
      else client.write(chunk);
    });
    if (this.frozen) {
      client.pause();
      upstream.pause();
    }
  }
}
