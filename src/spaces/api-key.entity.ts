import { Column, PrimaryColumn } from 'typeorm';
import type { KeyScope } from '../core/domain-types.js';
import { Table } from '../database/table.js';

/**
 * A space's API key. The key itself is not kept: only its SHA-256 hash, and enough of its beginning to recognise it.
 */
@Table('api_keys')
export class ApiKeyEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'space_id' })
  spaceId: string;

  @Column('text')
  name: string;

  @Column('text')
  scope: KeyScope;

  /** The first characters of the key, to show in lists. */
  @Column('text')
  prefix: string;

  @Column('bytea')
  hash: Buffer;

  /** Null: it does not expire. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  /** To about a minute; null: never used. */
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
