import type { Sql } from '../database/sql.js';
import type { ErasureEntity } from './erasure.entity.js';

const COLUMNS = `id, space_id AS "spaceId", requested_by AS "requestedBy", criteria, mode, dry_run AS "dryRun", status,
  counts, verification, stopped, created_at AS "createdAt", finished_at AS "finishedAt"`;

const INSERT = {
  name: 'erasures_insert',
  text: `INSERT INTO posthorn.erasures (id, space_id, requested_by, criteria, mode, dry_run, status, counts, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
};
const READ = { name: 'erasures_read', text: `SELECT ${COLUMNS} FROM posthorn.erasures WHERE id = $1` };
const WRITE = {
  name: 'erasures_write',
  text: `UPDATE posthorn.erasures
    SET status = $2, counts = $3, verification = $4, stopped = $5, finished_at = $6 WHERE id = $1`,
};

/** Records that an erasure was asked for. */
export async function insertErasure(sql: Sql, record: ErasureEntity): Promise<void> {
  const { id, spaceId, requestedBy, criteria, mode, dryRun, status, counts, createdAt } = record;
  await sql(INSERT, [id, spaceId, requestedBy, criteria, mode, dryRun, status, counts, createdAt]);
}

/** The record of the erasure with this id, which is its job's. */
export async function readErasure(sql: Sql, id: string): Promise<ErasureEntity> {
  const [record] = await sql<ErasureEntity>(READ, [id]);
  if (!record) throw new Error(`The erasure ${id} has no record.`);
  return record;
}

/** Records how far it is. */
export async function writeErasure(sql: Sql, record: ErasureEntity): Promise<void> {
  const { id, status, counts, verification, stopped, finishedAt } = record;
  await sql(WRITE, [id, status, counts, verification, stopped, finishedAt]);
}

// The subject goes from the job, too: nothing personal is kept of an erasure that has ended.
const CLOSE = {
  name: 'erasures_close',
  text: `
    WITH ended AS (
      UPDATE posthorn.jobs SET request = request || '{"subject": null}'
      WHERE id = $1 AND kind = 'erase' AND finished_at IS NOT NULL RETURNING id, status, finished_at
    )
    UPDATE posthorn.erasures e SET status = ended.status, finished_at = ended.finished_at
    FROM ended WHERE e.id = ended.id`,
};

/** Takes over the end of a job that was cancelled or failed. Does nothing for jobs that go on, and for others. */
export async function closeErasure(sql: Sql, jobId: string): Promise<void> {
  await sql(CLOSE, [jobId]);
}
