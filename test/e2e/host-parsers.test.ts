import pg from 'pg';
import { Conflict } from '../../src/index.js';
import { eventually } from '../support/condition.js';
import { HostApp } from '../support/host-app.js';
import { startReceiver } from '../support/receiver.js';

const { BOOL, BYTEA, INT4, INT8, FLOAT8, NUMERIC, JSON: JSON_TEXT, JSONB, TIMESTAMPTZ } = pg.types.builtins;
const CHANGED = [BOOL, BYTEA, INT4, INT8, FLOAT8, NUMERIC, JSON_TEXT, JSONB, TIMESTAMPTZ];

const usual = new Map(CHANGED.map((oid) => [oid, pg.types.getTypeParser(oid) as (text: string) => unknown]));

describe('a host application that has pg read everything as texts', () => {
  beforeAll(() => CHANGED.forEach((oid) => pg.types.setTypeParser(oid, (text) => text)));
  afterAll(() => usual.forEach((parse, oid) => pg.types.setTypeParser(oid, parse)));

  it('publishes in its own transaction, and the event arrives', async () => {
    const receiver = await startReceiver();
    const host = await HostApp.start();
    try {
      await host.acme(receiver.url);
      const emit = (name: string) =>
        host.source.transaction((manager) =>
          host.emitter.emit(
            { space: 'acme', manager },
            { type: 'lead.create', id: 'o-1', data: { id: 'l1', first_name: name } },
          ),
        );
      const first = await emit('Ann');
      await receiver.received(1);
      expect(await emit('Ann')).toEqual({ ...first, duplicate: true });
      await expect(emit('Bob')).rejects.toThrow(Conflict);
      await host.emitter.emit({ space: 'acme' }, { type: 'lead.create', data: { id: 'l2' } });
      await receiver.received(2);
      await eventually(async () => {
        const [row] = await host.source.query<{ open: string }[]>(
          `SELECT count(*)::text AS open FROM posthorn.deliveries WHERE status <> 'succeeded'`,
        );
        return row?.open === '0';
      });
      const [{ now } = {}] = await host.source.query<{ now: unknown }[]>('SELECT now()');
      expect(typeof now).toBe('string');
    } finally {
      await host.close();
      await receiver.close();
    }
  });
});
