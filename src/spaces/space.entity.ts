import { Column, PrimaryColumn } from 'typeorm';
import type { ProfileName } from '../core/domain-types.js';
import type { Limits } from '../core/limits.js';
import type { SpaceCatalogue } from '../core/space-catalogue.js';
import type { SpaceRetention } from '../core/space-retention.js';
import { Table } from '../database/table.js';
import type { Metadata } from '../http/metadata.js';

/** A tenant: everything belongs to exactly one. */
@Table('spaces')
export class SpaceEntity {
  @PrimaryColumn('uuid')
  id: string;

  /** The operator's own id of the space; unique. */
  @Column('text', { nullable: true })
  uid: string | null;

  @Column('text')
  name: string;

  @Column('text')
  profile: ProfileName;

  @Column('jsonb', { default: {} })
  metadata: Metadata;

  /** The operator's, in the order given. */
  @Column('text', { array: true, default: [] })
  tags: string[];

  /** Limits that differ from the instance's; null: none does. */
  @Column('jsonb', { nullable: true })
  limits: Partial<Limits> | null;

  /** For how many days it keeps things, where that is less than the instance; null: as the instance. */
  @Column('jsonb', { nullable: true })
  retention: Partial<SpaceRetention> | null;

  /** What it decided about its catalogue; null: nothing. */
  @Column('jsonb', { nullable: true })
  catalogue: SpaceCatalogue | null;

  /** Grows with each change of what publishers keep in memory of a space. A bigint, so a string; read by SQL only. */
  @Column({ type: 'bigint', name: 'routing_version', insert: false, select: false, default: 1 })
  routingVersion: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
