import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { SpacesService, WebhookSubscriptions } from '@posthorn/nestjs';
import { AppModule } from './app.module';

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
  app.enableShutdownHooks();
  if (process.env.RECEIVER !== undefined) {
    await app.get(SpacesService).upsertSpace({ uid: 'acme', name: 'Acme' });
    await app.get(WebhookSubscriptions).create('acme', { url: process.env.RECEIVER });
  }
  await app.listen(0, '127.0.0.1');
  console.log(`listens on ${await app.getUrl()}`);
}

void main();
