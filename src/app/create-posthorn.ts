import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { StartupError } from '../config/startup-error.js';
import { WebhookEmitter } from '../events/webhook-emitter.js';
import { PosthornModule, type PosthornOptions, type PosthornRole } from './posthorn.module.js';

/** Posthorn in an application that is not one of NestJS. */
export interface Posthorn {
  emitter: WebhookEmitter;
  /** One of the exported services, such as `SpacesService`. */
  get<T>(service: Type<T>): T;
  /** Waits for requests in flight, and closes all connections. */
  close(): Promise<void>;
}

/** Starts Posthorn without NestJS around it. Throws `StartupError`, as `PosthornModule` does. */
export async function createPosthorn(options: PosthornOptions & PosthornRole): Promise<Posthorn> {
  for (const name of ['http', 'listen'])
    if (name in options)
      throw new StartupError(`createPosthorn: ${name}: only an application of NestJS has it. Leave it out.`);
  const app = await NestFactory.createApplicationContext(PosthornModule.forRoot(options), {
    logger: ['error', 'warn'],
    abortOnError: false,
  });
  return {
    emitter: app.get(WebhookEmitter),
    get: (service) => app.get(service),
    close: () => app.close(),
  };
}
