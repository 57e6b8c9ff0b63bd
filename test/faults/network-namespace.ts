import { execFileSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';

/**
 * A network of its own for a process under test, with two ways out: one to its database and its callers, which stays,
 * and one to the world of receivers and the name server, which a test can cut. Wants root.
 */
export class NetworkNamespace {
  readonly name = `ph${randomBytes(4).toString('hex')}`;
  private readonly net = `10.${randomInt(64, 250)}.${randomInt(0, 250)}`;
  /** Where receivers and the name server are. */
  readonly world = `${this.net}.129`;
  /** Where the process under test is, for its callers. */
  readonly inside = `${this.net}.2`;
  private readonly forwarders: Server[] = [];

  private constructor() {
    run('ip', 'netns', 'add', this.name);
    this.link('a', `${this.net}.1`, this.inside);
    this.link('b', this.world, `${this.net}.130`);
    this.ip('link', 'set', 'lo', 'up');
    mkdirSync(this.folder, { recursive: true });
    // `ip netns exec` puts it in the place of the machine's own.
    writeFileSync(`${this.folder}/resolv.conf`, `nameserver ${this.world}\n`);
  }

  static make(): NetworkNamespace {
    return new NetworkNamespace();
  }

  /** What runs a command inside. */
  get prefix(): string[] {
    return ['ip', 'netns', 'exec', this.name];
  }

  /** The database's URL as it is from inside. */
  async reaching(databaseUrl: string): Promise<string> {
    const url = new URL(databaseUrl);
    const port = Number(url.port);
    const forwarder = createServer((socket) => {
      const upstream = connect(port, '127.0.0.1');
      socket.pipe(upstream).pipe(socket);
      for (const each of [socket, upstream]) each.on('error', () => each.destroy());
      socket.on('close', () => upstream.destroy());
      upstream.on('close', () => socket.destroy());
    });
    this.forwarders.push(forwarder);
    forwarder.listen(0, `${this.net}.1`);
    await once(forwarder, 'listening');
    url.hostname = `${this.net}.1`;
    url.port = String((forwarder.address() as AddressInfo).port);
    return url.href;
  }

  /** Nothing comes through from the world any more, and nobody says so. */
  silence(): void {
    this.filter('-A', 'INPUT', '-s', this.world, '-j', 'DROP');
  }

  /** Every connection to the world is reset. */
  refuse(): void {
    this.filter('-A', 'OUTPUT', '-p', 'tcp', '-d', this.world, '-j', 'REJECT', '--reject-with', 'tcp-reset');
  }

  /** No way leads to the world. */
  unroute(): void {
    this.ip('route', 'add', 'unreachable', `${this.world}/32`);
  }

  /** All is as at first. */
  mend(): void {
    this.filter('-F');
    try {
      this.ip('route', 'del', 'unreachable', `${this.world}/32`);
    } catch {
      // It was not taken away.
    }
  }

  close(): void {
    for (const forwarder of this.forwarders) forwarder.close();
    run('ip', 'netns', 'del', this.name);
    rmSync(this.folder, { recursive: true });
  }

  private get folder(): string {
    return `/etc/netns/${this.name}`;
  }

  private link(end: string, outer: string, inner: string): void {
    const device = `${this.name}${end}`;
    run('ip', 'link', 'add', device, 'type', 'veth', 'peer', 'name', 'in', 'netns', this.name);
    this.ip('link', 'set', 'in', 'name', `eth${end}`);
    run('ip', 'addr', 'add', `${outer}/25`, 'dev', device);
    run('ip', 'link', 'set', device, 'up');
    this.ip('addr', 'add', `${inner}/25`, 'dev', `eth${end}`);
    this.ip('link', 'set', `eth${end}`, 'up');
  }

  private ip(...args: string[]): void {
    run('ip', '-n', this.name, ...args);
  }

  private filter(...args: string[]): void {
    run(...([...this.prefix, 'iptables', ...args] as [string, ...string[]]));
  }
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
