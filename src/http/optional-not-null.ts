import { ValidateIf } from 'class-validator';

/** The field may be left out, but not be null: `@OrNull` takes null as well. */
export function OptionalNotNull(): PropertyDecorator {
  return ValidateIf((_object, value: unknown) => value !== undefined);
}
