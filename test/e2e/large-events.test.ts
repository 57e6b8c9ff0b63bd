import pg from 'pg';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

const LOCK = 4_711;
const LARGE = { type: 'lead.create', data: { text: 'x'.repeat(100_000) } };

const { engine, tenant } = useStory({ workers: 0 });

it('a small event does not wait for large ones that are being written', async () => {
  const database = new pg.Client({ connectionString: engine.settings.databaseUrl });
  await database.connect();
  // Large events are as slow as this test wants.
  await database.query(`
    CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_advisory_xact_lock_shared(${LOCK}); RETURN NEW; END';
    CREATE TRIGGER wait BEFORE INSERT ON posthorn.events FOR EACH ROW WHEN (length(NEW.data) > 50000) EXECUTE FUNCTION wait()`);
  await database.query(`SELECT pg_advisory_lock(${LOCK})`);
  try {
    const large = Array.from({ length: 8 }, () => tenant.publish(LARGE));
    await eventually(async () => {
      const { rows } = await database.query(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = ${LOCK} AND NOT granted`,
      );
      return rows.length === 2;
    });
    const other = await Tenant.create(engine);
    expect(await other.publish({ type: 'lead.create', data: {} })).toMatchObject({ duplicate: false });
    await database.query(`SELECT pg_advisory_unlock(${LOCK})`);
    expect(await Promise.all(large)).toHaveLength(8);
  } finally {
    await database.end();
  }
});
