import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { SpacesService, WebhookSubscriptions } from '@posthorn/nestjs';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
app.enableShutdownHooks();
const { RECEIVER: url } = process.env;
if (url !== undefined) {
  await app.get(SpacesService).upsertSpace({ uid: 'acme', name: 'Acme' });
  await app.get(WebhookSubscriptions).create('acme', { url });
}
await app.listen(Number(process.env.PORT ?? 0), '127.0.0.1');
console.log(`listens on ${await app.getUrl()}`);
