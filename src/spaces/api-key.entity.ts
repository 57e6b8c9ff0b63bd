import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeyScope } from '../core/domain-types.js';

/** A space's key. The key itself is nowhere: only its SHA-256 hash, and enough of its beginning to recognise it. */
@Entity({ schema: 'posthorn', name: 'api_keys' })
export class ApiKeyEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'space_id' })
  spaceId: string;

  @Column('text')
  name: string;

  @Column('text')
  scope: KeyScope;

  @Column('text')
  prefix: string;

  @Column('bytea')
  hash: Buffer;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
