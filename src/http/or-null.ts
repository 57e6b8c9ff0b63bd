import { getMetadataStorage, IsOptional } from 'class-validator';

interface NullMeaning {
  null: string;
}

/**
 * The field may be left out or null. `meaning`: what null is for, as an error about another value says it: "Use null
 * for none."
 */
export function OrNull(meaning: string): PropertyDecorator {
  return IsOptional({ context: { null: meaning } satisfies NullMeaning });
}

/** What null is for in a field of a DTO; undefined: it may not be null. */
export function meaningOfNull(dto: object, property: string): string | undefined {
  const { constructor } = dto;
  const rules = getMetadataStorage().getTargetValidationMetadatas(
    constructor,
    constructor.name,
    false,
    false,
  );
  const own = rules.find(({ name, propertyName }) => name === 'isOptional' && propertyName === property);
  return (own?.context as NullMeaning | undefined)?.null;
}
