import { Type, type Static } from 'typebox';
import { family } from './family.js';
import { Id, NullableText, NullableTime, Time } from './fields.js';

/** A label that leads can carry, any number of them at once. */
export const Tag = Type.Object({
  id: Id,
  id_space: Type.Optional(Id),
  name: Type.String(),
  color: NullableText,
  created_at: Time,
  updated_at: NullableTime,
});

export const exampleTag: Static<typeof Tag> = {
  id: 'c81d4e2e-bcf2-41e6-9d8e-7f5a2b90e6d4',
  id_space: 'eb8edc65-129a-4cb6-abbe-6bf8979c0658',
  name: 'decision maker',
  color: '#1971c2',
  created_at: '2023-04-10T13:20:05.700Z',
  updated_at: null,
};

const recoloured = { ...exampleTag, color: '#e8590c', updated_at: '2023-05-08T16:01:59.040Z' };

export const tagEvents = family('Tag', {
  'tag.create': { description: 'A tag was added.', schema: Tag, example: exampleTag },
  'tag.update': { description: 'A tag was renamed or recoloured.', schema: Tag, example: recoloured },
  'tag.delete': {
    description: 'A tag was removed, and with it from every lead that carried it.',
    schema: Tag,
    example: recoloured,
  },
});
