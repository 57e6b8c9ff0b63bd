import './own-metadata.js';
import { Entity } from 'typeorm';
import { SCHEMA } from './schema.js';

/**
 * The entity of a table of ours. Only migrations change the table, even when a host application registers the entity in
 * a data source that synchronizes its own.
 */
export function Table(name: string): ClassDecorator {
  return Entity({ schema: SCHEMA, name, synchronize: false });
}
