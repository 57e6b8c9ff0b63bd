import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/**
 * One HTTP request for a delivery, never changed. Partitioned by the day in the delivery's id. Times are milliseconds.
 */
@Table('attempts')
export class AttemptEntity {
  @PrimaryColumn('uuid', { name: 'delivery_id' })
  deliveryId: string;

  /** Counts from 1. */
  @PrimaryColumn('integer')
  n: number;

  @Column('uuid')
  id: string;

  @Column('timestamptz', { name: 'started_at' })
  startedAt: Date;

  @Column('text')
  url: string;

  /** JSON text of `[name, value]` pairs, secrets masked. */
  @Column('text', { name: 'request_headers' })
  requestHeaders: string;

  /** Null: no answer came. */
  @Column('integer', { name: 'status_code', nullable: true })
  statusCode: number | null;

  /** JSON text of `[name, value]` pairs. */
  @Column('text', { name: 'response_headers', nullable: true })
  responseHeaders: string | null;

  /** The beginning of the body; `response_truncated` says whether there was more. */
  @Column('bytea', { name: 'response_body', nullable: true })
  responseBody: Buffer | null;

  @Column('boolean', { name: 'response_truncated', default: false })
  responseTruncated: boolean;

  /** Null: bodies and headers are there. Otherwise why they are not (`core/removed.ts`). */
  @Column('text', { nullable: true })
  removed: string | null;

  /** Null: the schedule had it. Otherwise `manual` or `probe`. */
  @Column('text', { nullable: true })
  trigger: string | null;

  /** Null for a success. */
  @Column('text', { name: 'error_code', nullable: true })
  errorCode: string | null;

  @Column('text', { name: 'error_detail', nullable: true })
  errorDetail: string | null;

  /** What kind of address the request went to or was refused for; the address itself is not kept. */
  @Column('text', { name: 'address_class', nullable: true })
  addressClass: string | null;

  @Column('real', { name: 'dns_ms', nullable: true })
  dnsMs: number | null;

  @Column('real', { name: 'connect_ms', nullable: true })
  connectMs: number | null;

  @Column('real', { name: 'tls_ms', nullable: true })
  tlsMs: number | null;

  @Column('real', { name: 'first_byte_ms', nullable: true })
  firstByteMs: number | null;

  @Column('real', { name: 'total_ms', nullable: true })
  totalMs: number | null;
}
