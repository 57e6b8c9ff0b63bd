import type { DataSource } from 'typeorm';
import type pg from 'pg';
import type { ServerWatch } from './server-watch.js';

/** The pool, which TypeORM keeps on its driver and types `any`. */
export function poolOf({ driver }: DataSource): pg.Pool {
  return (driver as unknown as { master: pg.Pool }).master;
}

/** What watches over its connections. */
export function watchOf({ options }: DataSource): ServerWatch {
  return (options as unknown as { extra: { watch: ServerWatch } }).extra.watch;
}
