import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';
import type { Actor, Via } from './origin.js';

/** Who changed what, when, and from where. Written with the change, never changed, deleted only by age. */
@Table('audit_entries')
export class AuditEntryEntity {
  /** Its time is when the change was made. */
  @PrimaryColumn('uuid')
  id: string;

  /** Null for what concerns all spaces. The space may be deleted. */
  @Column('uuid', { name: 'space_id', nullable: true })
  spaceId: string | null;

  @Column('text', { name: 'actor_kind' })
  actorKind: Actor['kind'];

  @Column('text', { name: 'actor_id', nullable: true })
  actorId: string | null;

  @Column('text', { name: 'actor_name', nullable: true })
  actorName: string | null;

  @Column('text')
  via: Via;

  /** `subscription.update` */
  @Column('text')
  action: string;

  @Column('text', { name: 'target_type' })
  targetType: string;

  /** A public id, or the name of an event type. */
  @Column('text', { name: 'target_id' })
  targetId: string;

  /** Its uid or name. */
  @Column('text', { name: 'target_name', nullable: true })
  targetName: string | null;

  /** JSON of what was there; null: nothing. Without secrets. */
  @Column('text', { nullable: true })
  before: string | null;

  /** JSON of what is there now; null: nothing. Without secrets. */
  @Column('text', { nullable: true })
  after: string | null;

  @Column('text', { nullable: true })
  ip: string | null;

  @Column('text', { name: 'user_agent', nullable: true })
  userAgent: string | null;

  @Column('text', { name: 'request_id', nullable: true })
  requestId: string | null;
}
