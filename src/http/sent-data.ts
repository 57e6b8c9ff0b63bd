import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { memberTexts } from '../lib/json-scanner.js';

/** The text of the body's `data` as it was sent, in which `1.0` is not `1`; undefined: there is none. */
export const SentData = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const { rawJson } = context.switchToHttp().getRequest<FastifyRequest>();
  return rawJson?.trimStart().startsWith('{') ? memberTexts(rawJson).get('data') : undefined;
});
