import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/condition.js';
import { refusedPort } from '../support/receiver.js';
import { DebianPostgres, run } from './debian-postgres.js';
import { Fleet } from './fleet.js';
import { expectNothingLost } from './invariants.js';

it('a database whose disk is full is a 503 that says so, /readyz too, and all goes on when there is room', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-full-'));
  run(['mount', '-t', 'tmpfs', '-o', 'size=160m', 'tmpfs', folder]);
  chmodSync(folder, 0o755);
  const postgres = DebianPostgres.start({
    host: '127.0.0.1',
    port: await refusedPort(),
    folder,
    settings: { max_wal_size: '48MB', min_wal_size: '48MB' },
  });
  const fleet = await Fleet.start({ databaseUrl: postgres.url });
  try {
    const receiver = await fleet.subscribe();
    await fleet.publishMany(50);
    const filler = join(folder, 'filler');
    expect(() => run(['dd', 'if=/dev/zero', `of=${filler}`, 'bs=64k'])).toThrow('No space left');
    await eventually(async () => {
      const { status, body } = await fleet.call<{ checks: { database?: { reason?: string } } }>(
        'GET',
        '/readyz',
      );
      return status === 503 && body.checks.database?.reason === 'disk_full';
    });
    await eventually(async () => {
      const big = { type: 'lead.create', data: { text: randomBytes(120_000).toString('hex') } };
      const { status, body } = await fleet.call('POST', `/v1/spaces/${fleet.space}/events`, big);
      return status === 503 && String(body.detail).includes('disk is full');
    });
    rmSync(filler);
    await eventually(async () => (await fleet.publish(1_000)) === 202, { timeoutMs: 30_000 });
    await eventually(async () => (await fleet.call('GET', '/readyz')).status === 200);
    for (const { child } of [...fleet.apis, ...fleet.workers]) expect(child.exitCode).toBeNull();
    await expectNothingLost(fleet, receiver);
  } finally {
    await fleet.close();
    postgres.remove();
    run(['umount', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
});
