import { Type, type Static } from 'typebox';
import { family } from './family.js';
import { Id, NullableText, NullableTime, Quantity, Time } from './fields.js';

/** A stage of the pipeline that a lead can stand in. */
export const Status = Type.Object({
  id: Id,
  id_space: Type.Optional(Id),
  name: Type.String(),
  color: NullableText,
  order: Quantity,
  created_at: Time,
  updated_at: NullableTime,
});

export const exampleStatus: Static<typeof Status> = {
  id: 'a3b6f0c4-18d9-4c6e-b7a5-90e2c1d47f63',
  id_space: 'eb8edc65-129a-4cb6-abbe-6bf8979c0658',
  name: 'Meeting booked',
  color: '#2f9e44',
  order: 2,
  created_at: '2023-04-02T06:30:10.000Z',
  updated_at: null,
};

const moved = { ...exampleStatus, order: 3, updated_at: '2023-05-06T09:12:48.120Z' };

export const statusEvents = family('Status', {
  'status.create': {
    description: 'A stage was added to the pipeline.',
    schema: Status,
    example: exampleStatus,
  },
  'status.update': {
    description: 'A stage of the pipeline was renamed, recoloured or moved.',
    schema: Status,
    example: moved,
  },
  'status.delete': {
    description: 'A stage was taken out of the pipeline; the data is the stage as it was last known.',
    schema: Status,
    example: moved,
  },
});
