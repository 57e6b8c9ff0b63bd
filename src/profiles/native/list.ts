import { Type, type Static } from 'typebox';
import { family } from './family.js';
import { Id, NullableTime, Quantity, Time } from './fields.js';

/** A named group of leads. */
export const List = Type.Object({
  id: Id,
  id_space: Type.Optional(Id),
  name: Type.String(),
  order: Quantity,
  created_at: Time,
  updated_at: NullableTime,
});

export const exampleList: Static<typeof List> = {
  id: '5d0c2b7e-3f86-4a37-8a1e-2f9f2d6c4b90',
  id_space: 'eb8edc65-129a-4cb6-abbe-6bf8979c0658',
  name: 'Spring fair contacts',
  order: 0,
  created_at: '2023-04-28T07:15:00.250Z',
  updated_at: null,
};

const renamed = { ...exampleList, name: 'Spring fair, called back', updated_at: '2023-05-04T12:00:00.000Z' };

export const listEvents = family('List', {
  'list.create': { description: 'A list was added.', schema: List, example: exampleList },
  'list.update': {
    description: 'A list was renamed or moved among the other lists.',
    schema: List,
    example: renamed,
  },
  'list.delete': {
    description: 'A list was removed; its leads stay in the space.',
    schema: List,
    example: renamed,
  },
});
