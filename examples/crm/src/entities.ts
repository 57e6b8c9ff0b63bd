import { Column, Entity, JoinColumn, JoinTable, ManyToMany, ManyToOne, PrimaryColumn } from 'typeorm';

/** The rows have the fields of the built-in events, so a row is the data of its event. */
const iso = {
  from: (time: Date | null) => time?.toISOString() ?? null,
  to: (time: string | null) => time,
};

abstract class Row {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  id_space: string;

  @Column('timestamptz', { transformer: iso })
  created_at: string;

  @Column('timestamptz', { nullable: true, transformer: iso })
  updated_at: string | null;
}

export abstract class NamedRow extends Row {
  @Column('text')
  name: string;
}

@Entity({ name: 'crm_campaigns' })
export class Campaign extends NamedRow {
  @Column('text', { default: 'draft' })
  status: string;
}

@Entity({ name: 'crm_lists' })
export class List extends NamedRow {}

@Entity({ name: 'crm_statuses' })
export class Status extends NamedRow {
  @Column('text', { nullable: true })
  color: string | null;
}

@Entity({ name: 'crm_tags' })
export class Tag extends NamedRow {
  @Column('text', { nullable: true })
  color: string | null;
}

@Entity({ name: 'crm_leads' })
export class Lead extends Row {
  @Column('text')
  email: string;

  @Column('text', { nullable: true })
  first_name: string | null;

  @Column('text', { nullable: true })
  last_name: string | null;

  @Column('text', { nullable: true })
  company: string | null;

  @ManyToOne(() => Status, { nullable: true, onDelete: 'SET NULL' })
  @JoinColumn({ name: 'id_status' })
  status: Status | null;

  @ManyToOne(() => List, { nullable: true, onDelete: 'SET NULL' })
  @JoinColumn({ name: 'id_list' })
  list: List | null;

  @ManyToMany(() => Tag, { onDelete: 'CASCADE' })
  @JoinTable({ name: 'crm_lead_tags' })
  tags: Tag[];
}

export const ENTITIES = [Campaign, List, Status, Tag, Lead];
