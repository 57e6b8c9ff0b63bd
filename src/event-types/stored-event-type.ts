import { Column } from 'typeorm';
import type { Validation } from '../core/space-catalogue.js';
import type { StoredVersions } from '../core/type-versions.js';

/** What is stored of an event type, of a space or of the whole instance. */
export abstract class StoredEventType {
  @Column({ type: 'text' })
  family!: string;

  @Column({ type: 'text' })
  description!: string;

  @Column({ type: 'jsonb' })
  schema!: object;

  /** JSON text: jsonb would sort its keys. */
  @Column({ type: 'text' })
  example!: string;

  /** Later versions by number; null: there is only this one. */
  @Column({ type: 'jsonb', nullable: true })
  versions!: StoredVersions | null;

  /** JSON text: named examples; null: none. */
  @Column({ type: 'text', nullable: true })
  examples!: string | null;

  @Column({ type: 'boolean', default: false })
  deprecated!: boolean;

  @Column({ name: 'replaced_by', type: 'text', nullable: true })
  replacedBy!: string | null;

  /** Null: as the space, or else the instance, has it. */
  @Column({ type: 'text', nullable: true })
  validation!: Validation | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
