import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** A link that was mailed and signs in once. Its token is not kept, only its SHA-256 hash. */
@Table('sign_in_links')
export class SignInLinkEntity {
  @PrimaryColumn('bytea')
  hash: Buffer;

  @Column('uuid', { name: 'person_id' })
  personId: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
