import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** A process that uses the database, as it last reported itself. For people only: nothing is decided by it. */
@Table('processes')
export class ProcessEntity {
  @PrimaryColumn('uuid')
  id: string;

  /** `all`, `api`, `worker`, or `module` inside a host application. */
  @Column('text')
  role: string;

  @Column('text')
  version: string;

  /** The machine's name. */
  @Column('text')
  host: string;

  /** As in `workers`. */
  @Column('text', { name: 'process_space' })
  processSpace: string;

  @Column('integer')
  pid: number;

  /** As in `workers`. */
  @Column('text', { name: 'process_start' })
  processStart: string;

  @Column('timestamptz', { name: 'started_at' })
  startedAt: Date;

  @Column('timestamptz', { name: 'seen_at' })
  seenAt: Date;

  /** How far the machine's clock is ahead of the database's. */
  @Column('integer', { name: 'clock_skew_ms' })
  clockSkewMs: number;
}
