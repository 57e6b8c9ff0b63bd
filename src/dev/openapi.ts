import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ApiModule } from '../app/api.module.js';
import { Settings } from '../config/settings.js';
import { OPENAPI_FILE } from '../http/docs.js';
import { describeApi } from '../http/openapi-document.js';

/** Writes openapi.json from the code, or with `--check` says whether the committed one is still right. */
async function main(): Promise<void> {
  // Preview builds the graph of modules without running any factory: no database is needed to describe the API.
  const app = await NestFactory.create(ApiModule.forRoot(new Settings()), new FastifyAdapter(), {
    preview: true,
    abortOnError: false,
    logger: ['error'],
  });
  const text = `${JSON.stringify(describeApi(app), null, 2)}\n`;
  if (!process.argv.includes('--check')) {
    writeFileSync(OPENAPI_FILE, text);
    return;
  }
  if (existsSync(OPENAPI_FILE) && readFileSync(OPENAPI_FILE, 'utf8') === text) return;
  console.error('openapi.json is not what the code says. Run `npm run openapi` and commit the file.');
  process.exitCode = 1;
}

await main();
