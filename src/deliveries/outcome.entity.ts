import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';
import type { OutcomeStep } from './outcome-counts.js';

/** How the attempts of a space ended in one period, so that the overview counts no attempts. */
@Table('outcomes')
export class OutcomeEntity {
  @PrimaryColumn('uuid', { name: 'space_id' })
  spaceId: string;

  /** Seconds the period lasts. */
  @PrimaryColumn('integer')
  step: OutcomeStep;

  /** When the period begins. */
  @PrimaryColumn('timestamptz')
  at: Date;

  @Column('integer')
  succeeded: number;

  /** Deliveries that were given up. */
  @Column('integer')
  failed: number;

  /** Failed attempts with another one to come. */
  @Column('integer')
  retried: number;

  /** Histogram of milliseconds from publish to arrival, on the scale of `lib/histogram.ts`. */
  @Column('integer', { array: true })
  latency: number[];

  /** The same of the time for which endpoints were paused; null: none was. */
  @Column('integer', { array: true, nullable: true })
  paused: number[] | null;
}
