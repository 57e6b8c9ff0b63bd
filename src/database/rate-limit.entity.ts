import { Column, PrimaryColumn } from 'typeorm';
import { Table } from './table.js';

/** A rate or a window of calls that several processes keep to together. Unlogged: a crash of the server empties it. */
@Table('rate_limits')
export class RateLimitEntity {
  /** What is limited, e.g. a subscription's rate or the calls of a space's key; or a notice (`notices.ts`). */
  @PrimaryColumn('text')
  key: string;

  /** Of a rate: until when its slots are reserved. Of a window: its end. Of a notice: when it is due again. */
  @Column('timestamptz')
  at: Date;

  /** Calls in this window; 0 for a rate. */
  @Column('integer', { default: 0 })
  used: number;
}
