import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { PosthornExceptionFilter } from '@posthorn/nestjs';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: ['error', 'warn'] });
app.useGlobalFilters(new PosthornExceptionFilter());
// Lets requests in flight end when the process is told to stop.
app.enableShutdownHooks();
await app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
console.log(`The CRM is at ${await app.getUrl()}`);
