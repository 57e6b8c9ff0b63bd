import { Logger } from '@nestjs/common';
import { Settings } from '../../src/config/settings.js';
import { Forbidden } from '../../src/core/errors.js';
import { ExportSlots } from '../../src/exports/export-slots.js';
import type { ExportRow, ExportSource } from '../../src/exports/export-source.js';
import { ExportsService } from '../../src/exports/exports.service.js';
import { Stalled, streamOf } from '../../src/exports/export-stream.js';
import { Cursors } from '../../src/http/cursor.js';
import { ManualClock } from '../support/manual-clock.js';

const SPACE = { id: '0199c2f0-4f3b-7a52-b8d1-e6a3c9f70412', uid: 'acme' } as never;
const OPTIONS = { format: 'ndjson', order: 'asc', header: 'true', bom: 'false' } as const;

beforeAll(() => {
  Logger.overrideLogger(false);
});
const realNow = performance.now.bind(performance);
afterEach(() => {
  performance.now = realNow;
});

const row = (position: string): ExportRow => ({
  position,
  json: () => `{"id":"${position}"}`,
  fields: () => [],
});

describe('an export', () => {
  const settings = Object.assign(new Settings(), { encryptionKeys: [Buffer.alloc(32).toString('base64')] });

  /** Reads an export of four pages, between which so much time passes. */
  async function read(msBetween: number, confirm: () => Promise<void>): Promise<string> {
    const slots = new ExportSlots();
    const exports = new ExportsService(slots, new Cursors(settings), new ManualClock());
    let now = 0;
    performance.now = () => now;
    const source: ExportSource = {
      columns: [],
      pages: async function* () {
        for (const id of ['1', '2', '3', '4']) {
          yield await Promise.resolve([row(id)]);
          now += msBetween;
        }
      },
    };
    const { stream } = await exports.open({
      space: SPACE,
      name: 'events',
      options: OPTIONS,
      source,
      confirm,
    });
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
      return Buffer.concat(chunks).toString();
    } finally {
      // Its share is free again, however it ended.
      for (let n = 0; n < 4; n += 1) slots.reserve('another');
      for (let n = 0; n < 4; n += 1) slots.reserve((SPACE as { id: string }).id);
    }
  }

  it('asks again for access every ten seconds', async () => {
    let asked = 0;
    const confirm = () => {
      asked += 1;
      return Promise.resolve();
    };
    expect(await read(4_000, confirm)).toContain('"end":true,"count":4');
    expect(asked).toBe(1);
    expect(await read(11_000, confirm)).toContain('"end":true,"count":4');
    expect(asked).toBe(1 + 3);
  });

  it('is cut when the access has been taken away, and never looks whole', async () => {
    const confirm = () => Promise.reject(new Forbidden('The key was revoked.'));
    await expect(read(11_000, confirm)).rejects.toThrow('The key was revoked.');
  });
});

describe('a stream that nobody reads', () => {
  async function* endless(): AsyncGenerator<string> {
    for (;;) yield await Promise.resolve('x'.repeat(65_536));
  }

  it('ends after its limit, and tells why, once', async () => {
    const ends: (Error | null)[] = [];
    const stream = streamOf(endless(), (error) => ends.push(error), 20);
    stream.read(0);
    await new Promise<void>((resolve) => stream.on('close', resolve));
    expect(ends[0]).toBeInstanceOf(Stalled);
    expect(stream.destroyed).toBe(true);
  });

  it('goes on as long as it is read, however long it takes in all', async () => {
    const ends: (Error | null)[] = [];
    const stream = streamOf(endless(), (error) => ends.push(error), 1_000);
    let bytes = 0;
    for await (const chunk of stream) {
      bytes += (chunk as Buffer).length;
      if (bytes > 5_000_000) break;
    }
    expect(ends.some((error) => error instanceof Stalled)).toBe(false);
  });
});
