import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable, NotFoundException, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bodyLength } from '../http/body-length.js';
import { AccessControl } from './access-control.js';
import type { Access } from './access-rule.js';

/**
 * From this length on a body is read only for a caller that was looked up: one from memory may have been revoked since.
 */
const LARGE_BODY = 256 * 1024;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route (`access.ts`). */
    access?: Access;
  }
}

/**
 * Asks every route's access before a byte of the body is read: guards run after it has been parsed, and 4 MB of
 * somebody without a key would cost what they cost a customer. What no route is for is not read either, and who has no
 * key does not learn which methods a path takes.
 */
@Injectable()
export class AccessBeforeBody implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly control: AccessControl,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRequest', (request, _reply, done) => {
      const { config, url = '' } = request.routeOptions;
      // The web app's pages are at any path that no other route takes.
      if (request.is404 || url.includes('*')) this.checkNowhere(fastify, request, done);
      else if (config.access) this.check(request, config.access, done);
      else done();
    });
    this.askForBodies(fastify);
  }

  /** Who asks first (`Expect: 100-continue`) is told to go on only when the head was accepted. Node does so at once. */
  private askForBodies(fastify: FastifyInstance): void {
    const waiting = new WeakSet<IncomingMessage>();
    fastify.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      waiting.add(request);
      fastify.server.emit('request', request, response);
    });
    fastify.addHook('preParsing', (request, reply, payload, done) => {
      if (waiting.delete(request.raw)) reply.raw.writeContinue();
      done(null, payload);
    });
  }

  private checkNowhere(
    fastify: FastifyInstance,
    request: FastifyRequest,
    done: (error?: Error) => void,
  ): void {
    const goOn = () => {
      const { access } = request.routeOptions.config;
      if (access) this.check(request, access, done);
      else if (request.is404 && bodyLength(request) > 0) done(new NotFoundException());
      else done();
    };
    if (fastify.allowedMethods?.isGuarded(request.url) !== true) return goOn();
    this.control.authenticate(request).then(goOn, done);
  }

  private check(request: FastifyRequest, access: Access, done: (error?: Error) => void): void {
    try {
      if (bodyLength(request) < LARGE_BODY && this.control.authorizeFromMemory(request, access))
        return done();
    } catch (error) {
      return done(error as Error);
    }
    this.control.authorize(request, access).then(() => done(), done);
  }
}
