import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** How somebody signed in: at the identity provider, or by a link in a mail. */
export type SignInWay = 'oidc' | 'link';

/** Somebody who is signed in. The cookie's token is not kept, only its SHA-256 hash. */
@Table('sessions')
export class SessionEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'person_id' })
  personId: string;

  @Column('bytea')
  hash: Buffer;

  @Column('text')
  way: SignInWay;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  /** To about a minute. */
  @Column('timestamptz', { name: 'seen_at' })
  seenAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  /** Where it was begun. */
  @Column('text', { nullable: true })
  ip: string | null;

  @Column('text', { name: 'user_agent', nullable: true })
  userAgent: string | null;
}
