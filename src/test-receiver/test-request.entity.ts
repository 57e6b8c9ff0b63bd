import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** A request that a test receiver got. Only the newest of each receiver are kept. */
@Table('test_requests')
export class TestRequestEntity {
  /** UUID v7: holds the time of arrival. */
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'receiver_id' })
  receiverId: string;

  @Column('text')
  method: string;

  @Column('text')
  path: string;

  /** `[name, value]` pairs in the order they came. */
  @Column('jsonb')
  headers: string[][];

  @Column('bytea')
  body: Buffer;

  /** Whether the body was longer than what is kept. */
  @Column('boolean')
  truncated: boolean;
}
