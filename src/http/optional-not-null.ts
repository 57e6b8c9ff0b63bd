import { ValidateIf } from 'class-validator';

/** The field may be left out, but not be null: `@IsOptional()` would let a null through to a column that has none. */
export function OptionalNotNull(): PropertyDecorator {
  return ValidateIf((_object, value: unknown) => value !== undefined);
}
