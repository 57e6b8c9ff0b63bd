import { Column, PrimaryColumn } from 'typeorm';
import type { LogoType, PortalLook } from '../core/portal-look.js';
import { Table } from '../database/table.js';

/** How the portal of a space looks, for those that decided something. */
@Table('portal_settings')
export class PortalSettingsEntity {
  @PrimaryColumn('uuid', { name: 'space_id' })
  spaceId: string;

  @Column('jsonb')
  look: PortalLook;

  /** The logo that was uploaded; null: none was. */
  @Column('bytea', { nullable: true })
  logo: Buffer | null;

  @Column('text', { name: 'logo_type', nullable: true })
  logoType: LogoType | null;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
