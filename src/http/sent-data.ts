import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { memberTexts } from '../lib/json-scanner.js';

/** The text of the body's `data` as it was sent, in which `1.0` is not `1`; undefined: there is none. */
export const SentData = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const { rawJson } = context.switchToHttp().getRequest<FastifyRequest>();
  return rawJson?.trimStart().startsWith('{') ? memberTexts(rawJson).get('data') : undefined;
});

const TEXT_FIELDS = new WeakMap<object, Set<string>>();

/** A field of a DTO that is used as it was sent (`SentData`): it may have any number and any key that JSON has. */
export function KeptAsText(): PropertyDecorator {
  return (target, name) => {
    const fields = TEXT_FIELDS.get(target.constructor) ?? new Set();
    TEXT_FIELDS.set(target.constructor, fields.add(String(name)));
  };
}

/** The fields of this DTO that are kept as text. */
export function textFieldsOf(dto: object | undefined): ReadonlySet<string> {
  return (dto && TEXT_FIELDS.get(dto)) ?? NONE;
}

const NONE: ReadonlySet<string> = new Set();
