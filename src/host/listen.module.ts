import { type DynamicModule, Module } from '@nestjs/common';
import { EventListener, LISTEN_OPTIONS } from './event-listener.js';
import type { PosthornListenOptions } from './listen-options.js';

/** Publishes what the application's own emitter tells. */
@Module({})
export class ListenModule {
  static forRoot(options: PosthornListenOptions): DynamicModule {
    return {
      module: ListenModule,
      providers: [EventListener, { provide: LISTEN_OPTIONS, useValue: options }],
    };
  }
}
