import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ProfileName } from '../core/domain-types.js';
import type { Limits } from '../core/limits.js';
import type { Metadata } from '../http/metadata.js';

/** A tenant: everything belongs to exactly one. */
@Entity({ schema: 'posthorn', name: 'spaces' })
export class SpaceEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text', { nullable: true })
  uid: string | null;

  @Column('text')
  name: string;

  @Column('text')
  profile: ProfileName;

  @Column('jsonb')
  metadata: Metadata;

  /** Its own; null: everybody's. */
  @Column('jsonb', { nullable: true })
  limits: Partial<Limits> | null;

  /** Goes up with whatever publishers remember of a space; `insert` leaves it to its default. */
  @Column({ type: 'bigint', name: 'routing_version', insert: false, select: false })
  routingVersion: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
