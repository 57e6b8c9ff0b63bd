import { ValidateBy } from 'class-validator';

/**
 * A list that has each text once. class-validator's own rule compares each with all others: a second for 50,000. It has
 * the same name, by which the API's description knows it.
 */
export function ArrayUnique(): PropertyDecorator {
  return ValidateBy({
    name: 'arrayUnique',
    validator: {
      validate: (value) => Array.isArray(value) && new Set(value).size === value.length,
      defaultMessage: () => 'must have each entry once',
    },
  });
}
