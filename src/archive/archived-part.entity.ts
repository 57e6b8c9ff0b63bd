import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';
import type { RowKind } from './day-rows.js';

/** One object of a day's archive. */
@Table('archived_parts')
export class ArchivedPartEntity {
  @PrimaryColumn('date')
  day: string;

  @PrimaryColumn('integer')
  pass: number;

  /** Counts from 1 in its pass. */
  @PrimaryColumn('integer')
  part: number;

  @Column('uuid', { name: 'space_id' })
  spaceId: string;

  @Column('text')
  kind: RowKind;

  /** Of the object, with the prefix. */
  @Column('text')
  key: string;

  @Column('integer')
  rows: number;

  /** Compressed. */
  @Column('integer')
  bytes: number;

  /** Of the object's bytes. */
  @Column('text')
  sha256: string;
}
