import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';
import type { PortalScope } from './portal-link.js';
import type { PortalRight } from './portal-rights.js';

/** Temporary access to one space. Its token is not kept, only the SHA-256 hash. */
@Table('portal_links')
export class PortalLinkEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'space_id' })
  spaceId: string;

  /** The API key that made it, with which it is deleted; null: the admin key made it. */
  @Column('uuid', { name: 'key_id', nullable: true })
  keyId: string | null;

  @Column('text')
  scope: PortalScope;

  /** Set where it has only some rights: its scope then is `read` (`portal-rights.ts`). */
  @Column('text', { array: true, nullable: true })
  rights: PortalRight[] | null;

  @Column('bytea')
  hash: Buffer;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
