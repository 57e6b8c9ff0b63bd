/**
 * `@posthorn/nestjs` is built from the engine's own sources by `build/build.mjs`: what its index reaches, without the
 * API's description, the web app and the embedded PostgreSQL.
 */
export * from '../../../src/index.js';
