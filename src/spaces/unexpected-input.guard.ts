import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import { Invalid, type Issue } from '../core/errors.js';
import { isObjectOrAbsent, NOT_AN_OBJECT, unknownField } from '../http/validation.pipe.js';

const MAX_ISSUES = 20;

/** A PATCH without a body would change nothing and say that all is well. */
const NO_CHANGES: Issue = {
  path: 'body',
  code: 'required',
  message: 'Is required. Send the fields to change as a JSON object, with "content-type: application/json".',
};

/** What a handler names of a request. */
interface AcceptedInput {
  query: boolean;
  body: boolean;
}

/**
 * Refuses the query of a route that takes none, and the body of one that takes none. Where a handler names them, its
 * DTO refuses what it does not know; where it does not, nobody else would look. Comes after the guard of access.
 */
@Injectable()
export class UnexpectedInputGuard implements CanActivate {
  /** By handler: reading its metadata for each publish would cost more than looking at what it brings. */
  private readonly accepted = new WeakMap<object, AcceptedInput>();

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { query, body } = this.acceptedBy(context);
    const unexpected = [...(query ? [] : fieldsOf(request.query)), ...(body ? [] : fieldsOf(request.body))];
    if (body && request.method === 'PATCH' && request.body === undefined) unexpected.push(NO_CHANGES);
    if (unexpected.length === 0) return true;
    // A caller whose key is gone learns that first.
    await request.remembered?.confirm();
    throw new Invalid(unexpected.slice(0, MAX_ISSUES));
  }

  private acceptedBy(context: ExecutionContext): AcceptedInput {
    const known = this.accepted.get(context.getHandler());
    if (known) return known;
    const accepted = {
      query: accepts(context, RouteParamtypes.QUERY),
      body: accepts(context, RouteParamtypes.BODY),
    };
    this.accepted.set(context.getHandler(), accepted);
    return accepted;
  }
}

/** Whether the route's handler names its query, or its body. */
function accepts(context: ExecutionContext, kind: RouteParamtypes): boolean {
  const handler = context.getHandler().name;
  const args = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), handler) as object | undefined;
  return Object.keys(args ?? {}).some((key) => key.startsWith(`${kind}:`));
}

function fieldsOf(input: unknown): Issue[] {
  return isObjectOrAbsent(input)
    ? Object.keys(input ?? {}).map((name) => unknownField(name))
    : [NOT_AN_OBJECT];
}
