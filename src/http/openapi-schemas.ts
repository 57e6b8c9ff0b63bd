/**
 * Normalizes a schema. The compiler lists the members of a union in an order that changes from build to build, so
 * enums are sorted; and the Swagger plugin writes an invalid `required: true` inside nested arrays, which is removed.
 */
export function tidySchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidySchema);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, member]) => key !== 'required' || typeof member !== 'boolean')
      .map(([key, member]) => [
        key,
        key === 'enum' && Array.isArray(member) ? sortedEnum(member) : tidySchema(member),
      ]),
  );
}

/** Sorted by name, with null at the end. */
function sortedEnum(members: unknown[]): unknown[] {
  const names = members.filter((member) => member !== null).map(String);
  return [...names.sort(), ...(members.includes(null) ? [null] : [])];
}
