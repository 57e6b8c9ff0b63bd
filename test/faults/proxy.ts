import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A moment in a conversation with PostgreSQL, at which something is to happen. */
export interface Moment {
  /** Texts of statements, or their names, that one connection sends one after the other; the last is the moment. */
  statements: string[];
  /** `before`: the last statement never arrives. `after`: it is carried out, and its answer never arrives. */
  when: 'before' | 'after';
  /** How often it happens; default: once. */
  times?: number;
  then?: () => void;
}

interface Pair {
  client: Socket;
  upstream: Socket;
  /** How many of the moment's statements this connection has sent. */
  seen: number;
  /** Whether whatever comes is dropped, for good. */
  isDead: boolean;
}

/** A proxy in front of a server that a test can cut, freeze or break at one statement. */
export class Proxy {
  private readonly pairs = new Set<Pair>();
  private refusing = false;
  private frozen = false;
  private swallowing = false;
  private moment: (Moment & { left: number }) | null = null;

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
    this.swallowing = false;
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

  /**
   * Whatever is sent on the connections that are there is acknowledged and goes nowhere, for good; on new ones too,
   * unless these get through.
   */
  swallow({ newOnes = true } = {}): void {
    this.swallowing = newOnes;
    for (const pair of this.pairs) pair.isDead = true;
  }

  cut(): void {
    for (const { client, upstream } of this.pairs) {
      client.destroy();
      upstream.destroy();
    }
    this.pairs.clear();
  }

  /** Breaks the connection at a moment, and does what the test wants done then. */
  breakAt(moment: Moment): void {
    this.moment = { ...moment, left: moment.times ?? 1 };
  }

  /** Whether the moment came as often as it should. */
  get broken(): boolean {
    return this.moment?.left === 0;
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
    const pair: Pair = { client, upstream, seen: 0, isDead: this.swallowing };
    let mute = false;
    this.pairs.add(pair);
    upstream.on('error', () => pair.isDead || client.destroy());
    client.on('close', () => {
      upstream.destroy();
      this.pairs.delete(pair);
    });
    upstream.on('close', () => pair.isDead || client.destroy());
    client.on('data', (chunk: Buffer) => {
      if (pair.isDead) return;
      const moment = this.momentOf(pair, chunk);
      if (moment?.when === 'before') {
        moment.then?.();
        client.destroy();
        return;
      }
      if (moment) mute = true;
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      if (pair.isDead) return;
      if (!mute) return client.write(chunk);
      // The server has answered, so it has done what was asked; the client will never know.
      this.moment?.then?.();
      client.destroy();
    });
    if (this.frozen) {
      client.pause();
      upstream.pause();
    }
  }

  /** The moment, when this chunk brings it. */
  private momentOf(pair: Pair, chunk: Buffer): Moment | null {
    const moment = this.moment;
    if (!moment || moment.left === 0) return null;
    const { statements } = moment;
    while (pair.seen < statements.length && chunk.includes(statements[pair.seen] ?? '')) pair.seen += 1;
    if (pair.seen < statements.length) return null;
    pair.seen = 0;
    moment.left -= 1;
    return moment;
  }
}
