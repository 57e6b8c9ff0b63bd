import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ProfileName } from '../core/words.js';
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

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
