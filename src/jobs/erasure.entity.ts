import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';
import type { ErasureCounts, ErasureCriteria, ErasureMode, ErasureVerification } from './erasure.js';
import type { JobStatus } from './job.js';

/** What an erasure did, without anything that it erased. Its job has the same id, and may be deleted before. */
@Table('erasures')
export class ErasureEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'space_id' })
  spaceId: string;

  /** `admin`, or the id of the key. */
  @Column('text', { name: 'requested_by' })
  requestedBy: string;

  @Column('jsonb')
  criteria: ErasureCriteria;

  @Column('text')
  mode: ErasureMode;

  @Column('boolean', { name: 'dry_run' })
  dryRun: boolean;

  @Column('text')
  status: JobStatus;

  @Column('jsonb')
  counts: ErasureCounts;

  @Column('jsonb', { nullable: true })
  verification: ErasureVerification | null;

  /** Why it ended before it was done. */
  @Column('text', { nullable: true })
  stopped: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
