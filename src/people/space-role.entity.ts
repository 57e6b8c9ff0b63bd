import { Column, PrimaryColumn } from 'typeorm';
import type { Role } from '../core/roles.js';
import { Table } from '../database/table.js';

/** What a person may do in one space, beside what they may do in all. */
@Table('space_roles')
export class SpaceRoleEntity {
  @PrimaryColumn('uuid', { name: 'person_id' })
  personId: string;

  @PrimaryColumn('uuid', { name: 'space_id' })
  spaceId: string;

  @Column('text')
  role: Role;
}
