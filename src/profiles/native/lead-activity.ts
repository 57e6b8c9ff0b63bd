import { Type, type Static, type TProperties } from 'typebox';
import { family } from './family.js';
import { Flag, Id, orNull, NullableId, NullableText, NullableTime, Text, Time } from './fields.js';
import { Lead } from './lead.js';
import { exampleList, List } from './list.js';
import { exampleStatus, Status } from './status.js';
import { exampleTag, Tag } from './tag.js';

/** Enough of a lead to recognise it; a publisher may send the whole lead instead. */
const LeadReference = Type.Pick(Lead, ['id', 'email', 'first_name', 'last_name', 'company']);

/** Something to do for a lead. */
const Task = Type.Object({
  id: Id,
  title: Type.String(),
  description: NullableText,
  due_at: NullableTime,
  is_done: Flag,
  done_at: NullableTime,
  id_assignee: NullableId,
  created_at: Time,
  updated_at: NullableTime,
});

/** What somebody wrote down about a lead. */
const Note = Type.Object({
  id: Id,
  content: Type.String(),
  id_author: NullableId,
  author_name: Text,
  created_at: Time,
  updated_at: NullableTime,
});

const lead: Static<typeof LeadReference> = {
  id: 'e106db1f-aba3-40ba-97a7-507b54757ef8',
  email: 'jean.moreau@atelier-nord.example',
  first_name: 'Jean',
  last_name: 'Moreau',
  company: 'Atelier Nord',
};

const task: Static<typeof Task> = {
  id: '7b9c1d53-0e6f-4b3e-a8d2-4c4f6b1e2a95',
  title: 'Call back about the spring fair',
  description: null,
  due_at: '2023-05-05T08:00:00.000Z',
  is_done: false,
  done_at: null,
  id_assignee: '3c2f9f0a-5a4d-4a6b-8a0e-1d7b9f6e5c21',
  created_at: '2023-05-02T08:45:00.000Z',
  updated_at: null,
};

const taskDone = {
  ...task,
  is_done: true,
  done_at: '2023-05-05T08:20:13.600Z',
  updated_at: '2023-05-05T08:20:13.600Z',
};

const note: Static<typeof Note> = {
  id: '94a1c6de-2b7f-4f0c-9e35-6d8a0b3c7e12',
  content: 'Prefers mornings. Wants prices for forty desks.',
  id_author: '3c2f9f0a-5a4d-4a6b-8a0e-1d7b9f6e5c21',
  author_name: 'Ada Lindqvist',
  created_at: '2023-05-05T08:22:41.000Z',
  updated_at: null,
};

const noteEdited = {
  ...note,
  content: 'Prefers mornings. Wants prices for sixty desks.',
  updated_at: '2023-05-05T08:30:02.310Z',
};

function about<Fields extends TProperties>(fields: Fields) {
  return Type.Object({ lead: LeadReference, ...fields });
}

const AboutTask = about({ task: Task });
const AboutNote = about({ note: Note });

export const leadActivityEvents = family('Lead activity', {
  'lead.status.update': {
    description:
      'A lead moved to another stage of the pipeline; `from` or `to` is null when it had or has none.',
    schema: about({ from: orNull(Status), to: orNull(Status) }),
    example: {
      lead,
      from: { ...exampleStatus, id: 'f2d7b8a1-6a0c-4f5d-9c3e-8b1e4d2f7a06', name: 'Contacted', order: 1 },
      to: exampleStatus,
    },
  },
  'lead.list.update': {
    description: 'A lead moved to another list; `from` or `to` is null when it was or is in none.',
    schema: about({ from: orNull(List), to: orNull(List) }),
    example: { lead, from: null, to: exampleList },
  },
  'lead.tags.update': {
    description: 'A lead gained or lost tags; `tags` is all it carries now.',
    schema: about({ tags: Type.Array(Tag), added: Type.Array(Tag), removed: Type.Array(Tag) }),
    example: { lead, tags: [exampleTag], added: [exampleTag], removed: [] },
  },
  'lead.track': {
    description: 'Following the public activity of a lead was switched on or off.',
    schema: about({ is_tracked: Type.Boolean() }),
    example: { lead, is_tracked: true },
  },
  'lead.task.create': {
    description: 'A task for a lead was added.',
    schema: AboutTask,
    example: { lead, task },
  },
  'lead.task.update': {
    description: 'A task for a lead was changed, finished or reopened.',
    schema: AboutTask,
    example: { lead, task: taskDone },
  },
  'lead.task.delete': {
    description: 'A task for a lead was removed; the data holds the task as it was last known.',
    schema: AboutTask,
    example: { lead, task: taskDone },
  },
  'lead.note.create': {
    description: 'A note about a lead was written.',
    schema: AboutNote,
    example: { lead, note },
  },
  'lead.note.update': {
    description: 'A note about a lead was rewritten; the data holds the new text.',
    schema: AboutNote,
    example: { lead, note: noteEdited },
  },
  'lead.note.delete': {
    description: 'A note about a lead was removed; the data holds its last text.',
    schema: AboutNote,
    example: { lead, note: noteEdited },
  },
});
