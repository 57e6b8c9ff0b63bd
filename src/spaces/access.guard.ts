import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { AccessControl } from './access-control.js';
import { ACCESS, type Access } from './access-rule.js';

/** Decides for every route who may call it, unless `access-before-body.ts` has done so before the body was read. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly control: AccessControl,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    // Only the hook of the very same route sets it.
    if (request.admitted) return true;
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!access) return false;
    if (!this.control.authorizeFromMemory(request, access)) await this.control.authorize(request, access);
    return true;
  }
}
