import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** A receiver inside the engine, for trying out, and how it answers. */
@Table('test_receivers')
export class TestReceiverEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'space_id' })
  spaceId: string;

  /** The status code it answers with. */
  @Column('integer', { default: 200 })
  status: number;

  /** How long it waits before it answers, milliseconds. */
  @Column('integer', { name: 'delay_ms', default: 0 })
  delayMs: number;

  /** Its answers' Retry-After, seconds; null: none. */
  @Column('integer', { name: 'retry_after_seconds', nullable: true })
  retryAfterSeconds: number | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
