import { randomBytes } from 'node:crypto';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { PosthornModule } from '../../src/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const posthorn = () =>
  PosthornModule.forRoot({
    databaseUrl: database.url,
    encryptionKeys: [randomBytes(32).toString('base64')],
    http: {
      path: '/webhooks',
      guards: [{ canActivate: () => true }],
      tenantOf: () => 'acme',
      dashboard: false,
    },
  });

// Such an application gets its adapter after its providers are made.
it.each([
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
])("serves the API in an application that Nest's Test makes on %s", async (_name, adapter) => {
  const module = await Test.createTestingModule({ imports: [posthorn()] }).compile();
  const app = module.createNestApplication(adapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  const answer = await fetch(`${await app.getUrl()}/webhooks/v1/session`);
  expect(await answer.json()).toMatchObject({ kind: 'portal', scope: 'manage' });
  await app.close();
});
