import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** A process that delivers. Its id is the first half of its leases, so what a dead one has leased is found at once. */
@Table('workers')
export class WorkerEntity {
  /** 16 hexadecimal digits. */
  @PrimaryColumn('text')
  id: string;

  /** Machine, boot and PID namespace: a PID means something only to processes with the same value. */
  @Column('text', { name: 'process_space' })
  processSpace: string;

  @Column('integer')
  pid: number;

  /** When the process started: tells it from a later one with the same PID. */
  @Column('text', { name: 'process_start' })
  processStart: string;

  /** Whether a database session holds its lock: the session's end then shows that the process has ended. */
  @Column('boolean', { name: 'has_session' })
  hasSession: boolean;

  /** Its last heartbeat. */
  @Column('timestamptz', { name: 'seen_at' })
  seenAt: Date;

  /** When it stopped, or others found it dead. */
  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;
}
