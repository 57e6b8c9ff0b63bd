import globals from 'typeorm/globals.js';
import storage from 'typeorm/metadata-args/MetadataArgsStorage.js';

const { MetadataArgsStorage } = storage;

/**
 * All copies of TypeORM in a process keep what decorators say in one global object, whose class is the first copy's: a
 * host's own TypeORM 0.3 fails on one of version 1, and the other way round. So ours gets one of its own, unless the
 * global one is of the same copy. Imported before any entity.
 */
const shared: unknown = (globalThis as { typeormMetadataArgsStorage?: unknown }).typeormMetadataArgsStorage;
if (!(shared instanceof MetadataArgsStorage)) {
  const own = new MetadataArgsStorage();
  globals.getMetadataArgsStorage = () => own;
}
