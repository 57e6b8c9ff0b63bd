import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { eventually } from './condition.js';
import { refusedPort, tlsFile } from './receiver.js';
import { RedisServer } from './redis.js';

const PASSWORD = 'cluster-password';
const SLOTS = 16_384;

/** The nodes among themselves: each is a server and a client of the others. */
const BUS_TLS = {
  'tls-cluster': 'yes',
  'tls-ca-cert-file': tlsFile('all-ca.pem'),
  'tls-client-cert-file': tlsFile('client.pem'),
  'tls-client-key-file': tlsFile('client-key.pem'),
};

/**
 * A real Redis Cluster of three nodes without replicas, behind a password. Stopped nodes come back empty, with their
 * slots.
 */
export class RedisCluster {
  private constructor(
    readonly nodes: readonly RedisServer[],
    private readonly isTls: boolean,
  ) {}

  /** `isWhole`: whether it answers nothing at all while a node is away, as Redis does by default. */
  static async start({ isWhole = true, isTls = false } = {}): Promise<RedisCluster> {
    const nodes: RedisServer[] = [];
    const buses: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      const bus = await refusedPort();
      buses.push(bus);
      nodes.push(
        await RedisServer.start(
          {
            'cluster-enabled': 'yes',
            'cluster-port': String(bus),
            // How long a node is silent before the others count it out, milliseconds.
            'cluster-node-timeout': '1000',
            'cluster-require-full-coverage': isWhole ? 'yes' : 'no',
            requirepass: PASSWORD,
            ...(isTls && BUS_TLS),
          },
          { isTls },
        ),
      );
    }
    const cluster = new RedisCluster(nodes, isTls);
    await cluster.join(buses);
    return cluster;
  }

  /** As `REDIS_URL` wants it, with two of the nodes: the third is for the client to find. */
  get url(): string {
    const seeds = this.nodes.slice(0, 2).map(({ port }) => `127.0.0.1:${port}`);
    return `${this.scheme}+cluster://:${PASSWORD}@${seeds.join(',')}`;
  }

  /** Where node `n` alone answers. */
  urlOf(n: number): string {
    return `${this.scheme}://:${PASSWORD}@127.0.0.1:${this.nodes[n]?.port}`;
  }

  private get scheme(): string {
    return this.isTls ? 'rediss' : 'redis';
  }

  async command<T>(n: number, name: string, ...args: (string | number)[]): Promise<T> {
    const tls = this.isTls && { tls: { ca: readFileSync(tlsFile('ca.pem')) } };
    const client = new Redis(this.urlOf(n), { retryStrategy: () => null, ...tls });
    client.on('error', () => undefined); // The command fails with the same.
    try {
      return (await client.call(name, ...args)) as T;
    } finally {
      client.disconnect();
    }
  }

  /** The names of the keys on each node. */
  keys(): Promise<string[][]> {
    return Promise.all(this.nodes.map((_, n) => this.command<string[]>(n, 'KEYS', '*')));
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }

  /** Starts the nodes that were stopped; resolves when the cluster is whole again. */
  async startAgain(): Promise<void> {
    await Promise.all(this.nodes.filter((node) => !node.isRunning).map((node) => node.start()));
    await this.isOk();
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.close()));
  }

  private async join(buses: readonly number[]): Promise<void> {
    const share = Math.ceil(SLOTS / this.nodes.length);
    for (const [n, { port }] of this.nodes.entries()) {
      const end = Math.min((n + 1) * share, SLOTS) - 1;
      await this.command(n, 'CLUSTER', 'ADDSLOTSRANGE', n * share, end);
      // Nodes that begin with the same epoch take seconds to agree.
      await this.command(n, 'CLUSTER', 'SET-CONFIG-EPOCH', n + 1);
      if (n > 0) await this.command(0, 'CLUSTER', 'MEET', '127.0.0.1', port, buses[n] ?? 0);
    }
    await this.isOk();
  }

  private async isOk(): Promise<void> {
    await eventually(
      async () => {
        for (const n of this.nodes.keys()) {
          const info = await this.command<string>(n, 'CLUSTER', 'INFO');
          if (!/cluster_state:ok/.test(info) || !/cluster_known_nodes:3/.test(info)) return false;
        }
        return true;
      },
      { timeoutMs: 20_000 },
    );
  }
}
