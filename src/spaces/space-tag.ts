import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, IsArray, Matches } from 'class-validator';
import { Schema } from '../http/input-schemas.js';

/** Tags of one space. */
const MAX_TAGS = 20;
const TAG = /^[A-Za-z0-9_.:-]{1,64}$/;
const FORM = 'must be 1 to 64 letters, digits, "_", ".", ":" or "-"';

/** The tag of a space. */
export function IsSpaceTag(): PropertyDecorator {
  return applyDecorators(Schema({ pattern: TAG.source }), Matches(TAG, { message: `tag ${FORM}` }));
}

export function IsSpaceTags(): PropertyDecorator {
  return applyDecorators(
    Schema({ maxItems: MAX_TAGS, items: { type: 'string', pattern: TAG.source } }),
    Matches(TAG, { each: true, message: `each of the tags ${FORM}` }),
    ArrayMaxSize(MAX_TAGS),
    IsArray(),
  );
}
