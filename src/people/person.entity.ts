import { Column, PrimaryColumn } from 'typeorm';
import type { Role } from '../core/roles.js';
import { Table } from '../database/table.js';

/** Somebody who may sign in. The row stays after a removal, since the audit log names people by it. */
@Table('people')
export class PersonEntity {
  @PrimaryColumn('uuid')
  id: string;

  /** In small letters; no two people who are not removed share one. Null: erased. */
  @Column('text', { nullable: true })
  email: string | null;

  @Column('text', { nullable: true })
  name: string | null;

  /** In all spaces, and for what belongs to none; null: only what `space_roles` say. */
  @Column('text', { nullable: true })
  role: Role | null;

  /** The account at the identity provider, from the first sign-in there on. */
  @Column('text', { name: 'oidc_issuer', nullable: true })
  oidcIssuer: string | null;

  @Column('text', { name: 'oidc_subject', nullable: true })
  oidcSubject: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'signed_in_at', nullable: true })
  signedInAt: Date | null;

  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt: Date | null;
}
