import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';
import type { PassPosition } from './day-rows.js';

/** How far the archive of a day has come. */
@Table('archived_days')
export class ArchivedDayEntity {
  /** UTC, `2031-05-10`. */
  @PrimaryColumn('date')
  day: string;

  /** Complete passes: 0 until the day is archived; later ones hold what changed since. */
  @Column('integer', { default: 0 })
  passes: number;

  /** When the last complete pass began: what changed from then on is not in it. */
  @Column('timestamptz', { name: 'covered_until', nullable: true })
  coveredUntil: Date | null;

  /** When the pass under way began; null: none is. */
  @Column('timestamptz', { name: 'began_at', nullable: true })
  beganAt: Date | null;

  /** Behind its last part. */
  @Column('jsonb', { nullable: true })
  position: PassPosition | null;

  /** In a row. */
  @Column('integer', { default: 0 })
  failures: number;

  @Column('timestamptz', { name: 'next_try_at', nullable: true })
  nextTryAt: Date | null;
}
