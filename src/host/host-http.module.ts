import {
  All,
  Controller,
  type DynamicModule,
  Inject,
  Module,
  type NestModule,
  Req,
  Res,
  type Type,
  UseFilters,
  UseGuards,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import { HostGate, HTTP_OPTIONS, type HostRequest, type HostResponse } from './host-gate.js';
import { API_PARTS, type ApiParts, HostApi, type MakeRoot } from './host-api.js';
import { HostServicesModule } from './host-services.module.js';
import type { PosthornHttpOptions } from './http-options.js';
import { PosthornExceptionFilter } from './posthorn-exception.filter.js';

const SET_WILDCARD = Symbol('sets the wildcard');
type SetWildcard = (host: HttpAdapterHost) => void;

/** The route in the application, behind its guards, that leads to the API and the dashboard. */
@Module({})
export class HostHttpModule implements NestModule {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    @Inject(SET_WILDCARD) private readonly setWildcard: SetWildcard,
  ) {}

  /** Called right before Nest looks for routes: a test's application gets its adapter after its providers are made. */
  configure(): void {
    this.setWildcard(this.adapterHost);
  }

  static forRoot(options: PosthornHttpOptions, makeRoot: MakeRoot, delivers: boolean): DynamicModule {
    const { controller, setWildcard } = controllerOf(options);
    return {
      module: HostHttpModule,
      imports: [HostServicesModule, ...(options.imports ?? [])],
      controllers: [controller],
      providers: [
        HostApi,
        HostGate,
        { provide: SET_WILDCARD, useValue: setWildcard },
        { provide: HTTP_OPTIONS, useValue: options },
        { provide: API_PARTS, useValue: { makeRoot, delivers } satisfies ApiParts },
      ],
    };
  }
}

/**
 * One route for everything below the path: the API inside knows which ones there are. Express and Fastify write it
 * differently, and which one the application is on is known when it is made.
 */
function controllerOf({ path, guards }: PosthornHttpOptions) {
  @Controller({ path, version: VERSION_NEUTRAL })
  @UseGuards(...guards)
  @UseFilters(PosthornExceptionFilter)
  @ApiExcludeController()
  class PosthornController {
    constructor(private readonly gate: HostGate) {}

    @All(['', '*path'])
    pass(@Req() request: HostRequest, @Res() response: HostResponse): Promise<void> {
      return this.gate.pass(request, response);
    }
  }
  const setWildcard: SetWildcard = ({ httpAdapter }) => {
    if (httpAdapter.getType() !== 'fastify') return;
    const handler: unknown = Reflect.get(PosthornController.prototype, 'pass');
    Reflect.defineMetadata(PATH_METADATA, ['', '*'], handler as object);
  };
  return { controller: PosthornController as Type, setWildcard };
}
