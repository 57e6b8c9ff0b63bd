import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsBoolean } from 'class-validator';
import { OptionalNotNull } from './optional-not-null.js';

/** A query parameter that is `true`, `false` or left out. */
export function IsTrueOrFalse(): PropertyDecorator {
  return applyDecorators(
    OptionalNotNull(),
    Transform(({ value }: { value: unknown }) =>
      value === 'true' ? true : value === 'false' ? false : value,
    ),
    IsBoolean(),
  );
}
