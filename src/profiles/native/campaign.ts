import { Type, type Static } from 'typebox';
import { family } from './family.js';
import { Flag, Id, NullableTime, Text, Time } from './fields.js';

/** A sequence of messages to a group of leads. */
const Campaign = Type.Object({
  id: Id,
  id_space: Type.Optional(Id),
  name: Type.String(),
  status: Text,
  is_deleted: Flag,
  is_deleted_at: NullableTime,
  created_at: Time,
  updated_at: NullableTime,
});

const created: Static<typeof Campaign> = {
  id: '0f1e7a52-6c1d-4d0b-9a3c-5be1f3a70d11',
  id_space: 'eb8edc65-129a-4cb6-abbe-6bf8979c0658',
  name: 'Furniture makers, spring',
  status: 'draft',
  is_deleted: false,
  is_deleted_at: null,
  created_at: '2023-05-03T09:00:12.480Z',
  updated_at: null,
};

export const campaignEvents = family('Campaign', {
  'campaign.create': { description: 'A campaign was set up.', schema: Campaign, example: created },
  'campaign.update': {
    description: 'A campaign was renamed, started, paused or changed in another way.',
    schema: Campaign,
    example: { ...created, status: 'active', updated_at: '2023-05-03T10:30:00.000Z' },
  },
  'campaign.delete': {
    description: 'A campaign was removed; the data is the campaign as it was last known.',
    schema: Campaign,
    example: {
      ...created,
      status: 'completed',
      is_deleted: true,
      is_deleted_at: '2023-07-20T17:45:31.900Z',
      updated_at: '2023-07-20T17:45:31.900Z',
    },
  },
});
