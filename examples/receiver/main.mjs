// Keeps a table of leads as another system tells of them by webhooks. Each event is applied exactly once: its id is
// written in the transaction that applies it, so neither a repetition nor a crash can apply it twice or lose it.
import { createServer } from 'node:http';
import { createReceiver, nodeHandler } from '@posthorn/receiver';
import pg from 'pg';

const { DATABASE_URL, PORT = '9000', WEBHOOK_SECRET } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL });
await pool.query(`
  CREATE TABLE IF NOT EXISTS applied_webhooks (id text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE IF NOT EXISTS leads (
    id text PRIMARY KEY, email text, is_deleted boolean NOT NULL, changed_at timestamptz NOT NULL
  )`);

// The order of webhooks is not guaranteed: what is older than the row changes nothing. A deleted lead keeps its row, or
// an older event that comes late would bring it back.
const PUT = `INSERT INTO leads VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE
  SET email = excluded.email, is_deleted = excluded.is_deleted, changed_at = excluded.changed_at
  WHERE leads.changed_at < excluded.changed_at`;

async function apply(client, { type, data, occurredAt }) {
  if (type === 'lead.create' || type === 'lead.update')
    await client.query(PUT, [data.id, data.email, false, occurredAt]);
  if (type === 'lead.delete') await client.query(PUT, [data.id, null, true, occurredAt]);
}

async function applyOnce(event) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rowCount } = await client.query(
      'INSERT INTO applied_webhooks (id) VALUES ($1) ON CONFLICT DO NOTHING',
      [event.id],
    );
    if (rowCount === 1) await apply(client, event);
    await client.query('COMMIT');
    console.log(rowCount === 1 ? 'applied' : 'known  ', event.id, event.type);
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error; // answered with 500, so it comes again
  } finally {
    client.release();
  }
}

// Two secrets while one is changed: WEBHOOK_SECRET="whsec_new whsec_old".
const receiver = createReceiver({
  secrets: (WEBHOOK_SECRET ?? '').split(' '),
  dedupe: false,
  onRejected: ({ code, message }) => console.warn('refused', code, message),
});
const receive = nodeHandler(receiver, applyOnce);

createServer((request, response) => {
  receive(request, response).catch((error) => console.error('failed', error));
}).listen(Number(PORT), '127.0.0.1', () => console.log(`Receiving on http://127.0.0.1:${PORT}/`));
