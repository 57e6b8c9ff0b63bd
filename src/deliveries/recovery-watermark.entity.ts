import { PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** The one row of `in_hand`: the recovery watermark of deliveries leased in process (`leased-in-process.ts`). */
@Table('in_hand')
export class RecoveryWatermarkEntity {
  /** Every pending delivery with a lower id has a time of its next attempt. The table has no key; TypeORM wants one. */
  @PrimaryColumn('uuid', { name: 'booked_until' })
  bookedUntil: string;
}
