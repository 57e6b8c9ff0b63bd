import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';
import type { JobRequest, JobStatus } from './job.js';

/** A replay, a bulk retry, a drain or an erasure. The row is the whole job: any worker continues from `position`. */
@Table('jobs')
export class JobEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'space_id' })
  spaceId: string;

  @Column('text')
  kind: JobRequest['kind'];

  @Column('text')
  status: JobStatus;

  /** Counts only, and makes nothing. */
  @Column('boolean', { name: 'dry_run' })
  dryRun: boolean;

  @Column('jsonb')
  request: JobRequest;

  /** The ids from here to `until_id` are walked twice: once to count, once to do. */
  @Column('uuid', { name: 'since_id' })
  sinceId: string;

  @Column('uuid', { name: 'until_id' })
  untilId: string;

  /** Whether the first walk is done. */
  @Column('boolean', { default: false })
  counted: boolean;

  /** The last id of the walk so far. */
  @Column('uuid')
  position: string;

  /** Deliveries that the first walk counted. */
  @Column('integer', { default: 0 })
  total: number;

  /** Deliveries made or retried so far. */
  @Column('integer', { default: 0 })
  done: number;

  /** Of a replay: events that it would send, and whose data is gone. */
  @Column('integer', { default: 0 })
  skipped: number;

  /** Failures of the current slice; too many end the job. */
  @Column('integer', { default: 0 })
  failures: number;

  @Column('timestamptz', { name: 'next_slice_at' })
  nextSliceAt: Date;

  /** Deliveries a second at most; null: as fast as jobs go. */
  @Column('integer', { name: 'per_second', nullable: true })
  perSecond: number | null;

  /** Since when it waits because a person has paused it. */
  @Column('timestamptz', { name: 'paused_at', nullable: true })
  pausedAt: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
