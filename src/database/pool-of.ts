import type { DataSource } from 'typeorm';
import type pg from 'pg';

/** The pool, which TypeORM keeps on its driver and types `any`. */
export function poolOf({ driver }: DataSource): pg.Pool {
  return (driver as unknown as { master: pg.Pool }).master;
}
