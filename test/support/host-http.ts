import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Inject,
  Injectable,
  type INestApplication,
  Module,
  type NestInterceptor,
  type PipeTransform,
  Post,
  Body,
  UnauthorizedException,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { map, type Observable } from 'rxjs';
import { PosthornModule, type PosthornHttpOptions, type TenantAnswer } from '../../src/index.js';
import { createTestDatabase } from './database.js';
import { get } from './raw-get.js';

/** Whom the host's session cookie stands for. */
export interface User {
  account: TenantAnswer;
}

interface SessionRequest {
  headers: { cookie?: string };
  user?: User;
}

/** The host's sessions: what its guard needs. */
@Injectable()
class Sessions {
  readonly users = new Map<string, User>();
}

@Module({ providers: [Sessions], exports: [Sessions] })
class SessionsModule {}

@Injectable()
class SessionGuard implements CanActivate {
  constructor(@Inject(Sessions) private readonly sessions: Sessions) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<SessionRequest>();
    const name = /session=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
    if (name === 'broken') throw new Error('The session store is away.');
    if (name === 'banned') return false;
    const user = this.sessions.users.get(name ?? '');
    if (!user) throw new UnauthorizedException();
    request.user = user;
    // As a host's own guard would set a header of its own.
    const response = context.switchToHttp().getResponse<{ header(name: string, value: string): unknown }>();
    response.header('x-host', 'guarded');
    return true;
  }
}

@Controller('host')
class OwnController {
  @Get()
  read(): object {
    return { own: true };
  }
  @Post()
  write(@Body() body: object): object {
    return body;
  }
}

/** Both would spoil every answer of ours that went through them. */
class Wrapping implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data: unknown) => ({ data })));
  }
}
class Refusing implements PipeTransform {
  transform(value: unknown, { type }: { type: string }): unknown {
    if (type === 'query') throw new Error('no queries here');
    return value;
  }
}

export const HTTP: PosthornHttpOptions = {
  path: '/webhooks',
  guards: [SessionGuard],
  imports: [SessionsModule],
  tenantOf: ({ user }: SessionRequest) => {
    if (user?.account === 'throws') throw new UnauthorizedException('No account.');
    return user?.account;
  },
};

/** A host with sessions in cookies, on Express with a prefix and versions, or on Fastify. */
export class HttpHost {
  private constructor(
    readonly app: INestApplication,
    /** Where Posthorn is. */
    readonly url: string,
    readonly origin: string,
    readonly databaseUrl: string,
    /** What it has logged. */
    readonly lines: string[],
    /** The paths of requests as its access log has them: when each has been answered. */
    readonly finished: string[],
    private readonly drop: () => Promise<void>,
  ) {}

  static async start(kind: 'Express' | 'Fastify', http = HTTP): Promise<HttpHost> {
    const database = await createTestDatabase();
    const options = {
      databaseUrl: database.url,
      encryptionKeys: [randomBytes(32).toString('base64')],
      allowHttp: true,
      allowTargets: ['127.0.0.0/8'],
    };
    const posthorn =
      kind === 'Express'
        ? PosthornModule.forRootAsync({ http, useFactory: () => options })
        : PosthornModule.forRoot({ ...options, http });
    @Module({ imports: [posthorn], controllers: [OwnController] })
    class Root {}
    const lines: string[] = [];
    const write = (...parts: unknown[]) => lines.push(parts.map(String).join(' '));
    const app = await NestFactory.create(
      Root,
      kind === 'Express' ? new ExpressAdapter() : new FastifyAdapter(),
      {
        logger: { log: write, warn: write, error: write },
        abortOnError: false,
        rawBody: kind === 'Fastify',
      },
    );
    if (kind === 'Express') app.setGlobalPrefix('api').enableVersioning();
    app.useGlobalInterceptors(new Wrapping()).useGlobalPipes(new Refusing());
    const finished: string[] = [];
    (app.getHttpServer() as Server).on('request', (request, response) =>
      response.once('finish', () => finished.push(request.url ?? '')),
    );
    await app.listen(0, '127.0.0.1');
    const origin = await app.getUrl();
    const url = `${origin}${kind === 'Express' ? '/api' : ''}/webhooks`;
    return new HttpHost(app, url, origin, database.url, lines, finished, () => database.drop());
  }

  /** Signs somebody in, whose session has this name. */
  signIn(session: string, account: TenantAnswer): void {
    this.app.get(Sessions, { strict: false }).users.set(session, { account });
  }

  /** A request as a browser sends it that has the cookie of this session. */
  as(session: string | null, more: Record<string, string> = {}) {
    const headers = { ...(session !== null && { cookie: `session=${session}` }), ...more };
    return async (method: string, path: string, body?: string | object) => {
      const text = typeof body === 'object' ? JSON.stringify(body) : body;
      const response = await fetch(this.url + path, {
        method,
        redirect: 'manual',
        headers: { ...(text !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(text !== undefined && { body: text }),
      });
      const answer = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') ?? false;
      return {
        status: response.status,
        headers: response.headers,
        text: answer,
        body: (isJson && answer !== '' ? JSON.parse(answer) : {}) as Record<string, unknown>,
      };
    };
  }

  /** The path just as it is, from the host's root on. */
  raw(path: string, session: string | null = null) {
    return get(this.origin + path, session === null ? {} : { cookie: `session=${session}` });
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.drop();
  }
}
