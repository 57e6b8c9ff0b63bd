import type { Sql } from '../database/sql.js';

const BEGIN = {
  name: 'drains_begin',
  text: `UPDATE posthorn.subscriptions SET drained_by = $2 WHERE id = $1 AND drained_by IS NULL RETURNING id`,
};

/** From now on only this job releases what is held for the subscription. False: another one does already. */
export async function beginDrain(sql: Sql, subscriptionId: string, jobId: string): Promise<boolean> {
  return (await sql(BEGIN, [subscriptionId, jobId])).length > 0;
}

const END = {
  name: 'drains_end',
  text: `UPDATE posthorn.subscriptions SET drained_by = NULL WHERE id = $1 AND drained_by = $2`,
};

/** The job is over: workers release what is still held, as fast as the endpoint takes it. */
export async function endDrain(sql: Sql, subscriptionId: string, jobId: string): Promise<void> {
  await sql(END, [subscriptionId, jobId]);
}
