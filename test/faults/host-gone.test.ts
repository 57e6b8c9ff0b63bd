import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/condition.js';
import { DebianPostgres, run } from './debian-postgres.js';
import { Fleet } from './fleet.js';
import { expectNothingLost } from './invariants.js';

/** A host of its own for the database: a network namespace at the end of a pair of virtual Ethernet devices. */
class OtherHost {
  readonly name = `ph${randomBytes(3).toString('hex')}`;
  readonly address = '10.213.77.2';
  private readonly near = `${this.name}a`;
  private readonly far = `${this.name}b`;

  constructor() {
    run(['ip', 'netns', 'add', this.name]);
    run(['ip', 'link', 'add', this.near, 'type', 'veth', 'peer', 'name', this.far, 'netns', this.name]);
    run(['ip', 'addr', 'add', '10.213.77.1/24', 'dev', this.near]);
    run(['ip', 'link', 'set', this.near, 'up']);
    this.inside('ip', 'addr', 'add', `${this.address}/24`, 'dev', this.far);
    this.inside('ip', 'link', 'set', this.far, 'up');
    this.inside('ip', 'link', 'set', 'lo', 'up');
  }

  removeAddress(): void {
    this.inside('ip', 'addr', 'del', `${this.address}/24`, 'dev', this.far);
  }

  restoreAddress(): void {
    this.inside('ip', 'addr', 'add', `${this.address}/24`, 'dev', this.far);
  }

  /** Whatever arrives there is dropped without a word. */
  dropPackets(): void {
    this.inside('iptables', '-I', 'INPUT', '-i', this.far, '-j', 'DROP');
  }

  takePackets(): void {
    this.inside('iptables', '-D', 'INPUT', '-i', this.far, '-j', 'DROP');
  }

  remove(): void {
    run(['ip', 'netns', 'del', this.name]);
  }

  private inside(...command: string[]): void {
    run(['ip', 'netns', 'exec', this.name, ...command]);
  }
}

const OUTAGES: [name: string, begin: (host: OtherHost) => void, end: (host: OtherHost) => void][] = [
  ['whose address is gone', (host) => host.removeAddress(), (host) => host.restoreAddress()],
  ['that drops every packet', (host) => host.dropPackets(), (host) => host.takePackets()],
];

describe("a database's host", () => {
  let host: OtherHost;
  let postgres: DebianPostgres;
  let fleet: Fleet;
  beforeEach(async () => {
    host = new OtherHost();
    postgres = DebianPostgres.start({ host: host.address, port: 5432, namespace: host.name });
    fleet = await Fleet.start({ databaseUrl: postgres.url, env: { DATABASE_URL: postgres.url } });
  }, 120_000);
  afterEach(async () => {
    await fleet.close();
    postgres.remove();
    host.remove();
  });

  it.each(OUTAGES)(
    '%s for 40 s is a 503 in time, and ten seconds after its return everything works',
    async (name, begin, end) => {
      const receiver = await fleet.subscribe();
      await fleet.publishMany(50);
      await eventually(() => receiver.requests.length === 50);
      begin(host);
      const goneAt = performance.now();
      const refused: string[] = [];
      let slowest = 0;
      let unready: number | null = null;
      for (let n = 1_000; performance.now() < goneAt + 40_000; n += 1) {
        const id = `away-${n}`;
        const answer = await fleet.call('POST', `/v1/spaces/${fleet.space}/events`, {
          type: 'lead.create',
          id,
          data: {},
        });
        expect(answer.status).toBe(503);
        expect(answer.headers.get('retry-after')).toBe('1');
        slowest = Math.max(slowest, answer.ms);
        if (answer.body.code !== 'outcome_unknown') refused.push(id);
        if ((await fleet.call('GET', '/readyz')).status === 503) unready ??= performance.now() - goneAt;
        await sleep(300);
      }
      end(host);
      const backAt = performance.now();
      await eventually(async () => (await fleet.publish(1)) === 202, { timeoutMs: 20_000 });
      const backAfter = performance.now() - backAt;
      console.log(
        `host ${name}: slowest 503 ${Math.round(slowest)} ms, /readyz 503 after ${Math.round(unready ?? NaN)} ms, the first 202 ${Math.round(backAfter)} ms after its return`,
      );
      expect(slowest).toBeLessThan(2_000);
      expect(unready).toBeLessThan(5_000);
      expect(backAfter).toBeLessThan(10_000);
      // A worker that waited for a second more.
      await fleet.publishMany(20, 100);
      await expectNothingLost(fleet, receiver);
      const { rows } = await fleet.database.query<{ id: string }>(
        'SELECT publisher_id AS id FROM posthorn.events',
      );
      const written = new Set(rows.map(({ id }) => id));
      // If a caller got the answer that nothing was done, nothing was done.
      expect(refused.filter((id) => written.has(id))).toEqual([]);
    },
  );
});
