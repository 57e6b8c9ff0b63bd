import { Type, type TSchema } from 'typebox';

/*
 * Schemas describe, they do not gate: a publisher may send more fields than listed here, and may leave out
 * everything but what identifies the object. So only that much is required, and no object is closed.
 */

export const Id = Type.String({ minLength: 1 });
export const Text = Type.Optional(Type.String());
export const Flag = Type.Optional(Type.Boolean());
export const Quantity = Type.Optional(Type.Number());
export const Time = Type.Optional(Type.String({ format: 'date-time' }));

export const NullableId = Type.Optional(orNull(Id));
export const NullableText = Type.Optional(orNull(Type.String()));
export const NullableNumber = Type.Optional(orNull(Type.Number()));
export const NullableTime = Type.Optional(orNull(Type.String({ format: 'date-time' })));
export const NullableRecord = Type.Optional(orNull(Type.Record(Type.String(), Type.Unknown())));

/** Null stands for what the product does not know or does not have. */
export function orNull<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}
