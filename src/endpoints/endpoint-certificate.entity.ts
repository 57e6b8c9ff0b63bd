import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** Until when the TLS certificate of an endpoint is valid, as a worker last saw it. */
@Table('endpoint_certificates')
export class EndpointCertificateEntity {
  @PrimaryColumn('uuid', { name: 'subscription_id' })
  subscriptionId: string;

  @Column('timestamptz', { name: 'valid_to' })
  validTo: Date;

  @Column('timestamptz', { name: 'seen_at' })
  seenAt: Date;
}
