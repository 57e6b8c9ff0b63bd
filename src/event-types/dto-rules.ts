type Schema = Record<string, unknown>;

const text = (format?: string) => (): Schema => ({ type: 'string', ...(format !== undefined && { format }) });

/**
 * What the decorators of class-validator say of JSON data, by their names there. Others are left out: the schema then
 * takes more than the class.
 */
export const DTO_RULES: Readonly<Partial<Record<string, (constraints: unknown[]) => Schema>>> = {
  isString: text(),
  isNumber: () => ({ type: 'number' }),
  isInt: () => ({ type: 'integer' }),
  isBoolean: () => ({ type: 'boolean' }),
  isArray: () => ({ type: 'array' }),
  isObject: () => ({ type: 'object' }),
  isDate: text('date-time'),
  isDateString: text(),
  isIso8601: text(),
  isEmail: text('email'),
  isUuid: text('uuid'),
  isUrl: text(),
  isNumberString: text(),
  isPhoneNumber: text(),
  isIn: ([values]) => ({ enum: [...(values as unknown[])] }),
  isEnum: ([entity, values]) => ({
    enum: Array.isArray(values) ? [...(values as unknown[])] : valuesOf(entity),
  }),
  equals: ([value]) => ({ const: value }),
  min: ([minimum]) => ({ minimum }),
  max: ([maximum]) => ({ maximum }),
  isPositive: () => ({ exclusiveMinimum: 0 }),
  isNegative: () => ({ exclusiveMaximum: 0 }),
  isDivisibleBy: ([multipleOf]) => ({ multipleOf }),
  minLength: ([minLength]) => ({ minLength }),
  maxLength: ([maxLength]) => ({ maxLength }),
  isLength: ([minLength, maxLength]) => ({ minLength, ...(maxLength !== undefined && { maxLength }) }),
  // A pattern with flags means something else without them.
  matches: ([pattern]) =>
    pattern instanceof RegExp && pattern.flags === '' ? { pattern: pattern.source } : {},
  arrayMinSize: ([minItems]) => ({ minItems }),
  arrayMaxSize: ([maxItems]) => ({ maxItems }),
  arrayNotEmpty: () => ({ minItems: 1 }),
  arrayUnique: ([key]) => (key === undefined ? { uniqueItems: true } : {}),
};

/** Enums of numbers also have the names under the numbers. */
function valuesOf(entity: unknown): unknown[] {
  const all = entity as Record<string, unknown>;
  return Object.keys(all).flatMap((name) => (/^\d+$/.test(name) ? [] : [all[name]]));
}
