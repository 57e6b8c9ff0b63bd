import type { Type } from '@nestjs/common';
import { Cursors } from '../http/cursor.js';
import type { ListQuery } from '../http/list.dto.js';
import { StrictValidationPipe } from '../http/validation.pipe.js';

const pipe = new StrictValidationPipe();

/** The input with its defaults, checked as the HTTP API checks it. Throws Invalid, which names each field. */
export async function checked<T extends object>(form: Type<T>, input: Partial<NoInfer<T>> = {}): Promise<T> {
  return (await pipe.transform(input, { type: 'body', metatype: form })) as T;
}

/** The id after which a page of this list begins; null for the first. Throws BadRequest for another list's cursor. */
export function startOf(cursors: Cursors, context: string, { cursor }: Pick<ListQuery, 'cursor'>) {
  return cursor === undefined ? null : cursors.decode(context, cursor);
}
