import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';
import type { BroadcastProblem, BroadcastStatus } from './broadcast.js';

/** An event for many spaces. The row is the whole work: any worker continues from `position`. */
@Table('broadcasts')
export class BroadcastEntity {
  /** Its time is the time of all its events. Spaces that are made later do not get it. */
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  status: BroadcastStatus;

  /** Spaces with this tag; null: all. */
  @Column('text', { nullable: true })
  tag: string | null;

  /** What a repetition of the request is known by; null: nothing. */
  @Column('text', { nullable: true })
  key: string | null;

  @Column('bytea')
  fingerprint: Buffer;

  @Column('text')
  type: string;

  /** The publisher's id of the event, in each space. */
  @Column('text', { nullable: true })
  uid: string | null;

  /** JSON text of the event as it was sent; null once the broadcast has ended. */
  @Column('text', { nullable: true })
  event: string | null;

  /** The last space that was looked at. */
  @Column('uuid')
  position: string;

  /** How many it is for. */
  @Column('integer')
  spaces: number;

  @Column('integer', { default: 0 })
  published: number;

  /** Spaces that have no such event type, or have the event already. */
  @Column('integer', { default: 0 })
  skipped: number;

  @Column('integer', { default: 0 })
  failed: number;

  /** A bigint, so a string. */
  @Column('bigint', { default: 0 })
  deliveries: string;

  /** The first spaces that failed. */
  @Column('jsonb', { default: [] })
  problems: BroadcastProblem[];

  /** Failures of the current slice; too many end the broadcast. */
  @Column('integer', { default: 0 })
  failures: number;

  @Column('timestamptz', { name: 'next_slice_at' })
  nextSliceAt: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
