import { applyDecorators } from '@nestjs/common';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import { ID_NAMES, kindOfId, notOfOtherKinds, type IdPrefix } from '../core/ids.js';
import { Schema } from './input-schemas.js';

/**
 * What names an object in a filter: our id of this kind, or the caller's own. An id of another kind would find nothing
 * and look as if there were nothing.
 */
export function IsRef(kind: IdPrefix, { each = false } = {}): PropertyDecorator {
  const isOther = (value: unknown) => {
    const other = typeof value === 'string' ? kindOfId(value) : null;
    return other !== null && other !== kind;
  };
  const validate = ValidateBy({
    name: 'wrongIdKind',
    validator: {
      validate: (value) => ![value].flat().some(isOther),
      defaultMessage: (args) => messageOf(kind, [args?.value as unknown].flat().find(isOther), args),
    },
  });
  const pattern = `^${notOfOtherKinds(kind)}[^\\u0000]*$`;
  return each ? validate : applyDecorators(Schema({ pattern }), validate);
}

function messageOf(kind: IdPrefix, value: unknown, args: ValidationArguments | undefined): string {
  const other = kindOfId(String(value)) ?? kind;
  return (
    `${args?.property ?? ''} must name ${ID_NAMES[kind]}, by its id (${kind}_…) or an id of your own; ` +
    `${other}_… is the id of ${ID_NAMES[other]}`
  );
}
