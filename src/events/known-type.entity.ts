import { PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** An event type of a profile, for the SQL function that publishes. Processes write what they know at their start. */
@Table('known_types')
export class KnownTypeEntity {
  @PrimaryColumn('text')
  profile: string;

  @PrimaryColumn('text')
  name: string;
}
