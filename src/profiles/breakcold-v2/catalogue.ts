import { byExample } from '../examples.js';
import type { EventType } from '../profile.js';

const record = {
  id: 'record_id',
  objectType: 'person',
  objectTypeName: 'Person',
  name: 'Ada Lovelace',
  fields: { name: 'Ada Lovelace', email: 'ada@example.com', company: 'Analytical Engines Ltd' },
  createdAt: '2026-03-19T12:00:00.000Z',
  updatedAt: '2026-03-19T12:00:00.000Z',
};
const later = { ...record, updatedAt: '2026-03-20T08:30:00.000Z' };

const note = {
  id: 'note_id',
  recordId: 'record_id',
  content: 'Prefers mornings.',
  createdAt: '2026-03-19T12:05:00.000Z',
  updatedAt: '2026-03-19T12:05:00.000Z',
};
const task = {
  id: 'task_id',
  recordId: 'record_id',
  title: 'Call back',
  completed: false,
  createdAt: '2026-03-19T12:10:00.000Z',
  updatedAt: '2026-03-19T12:10:00.000Z',
};
const call = { id: 'call_id', recordId: 'record_id' };

/** The events its public page shows. Only `record.created` is shown with its data; the others follow its manner. */
export const breakcoldV2Catalogue: EventType[] = [
  ...byExample('Records', {
    'record.created': { description: 'A record was created.', example: record },
    'record.updated': { description: 'A record was changed.', example: later },
    'record.deleted': { description: 'A record was deleted.', example: record },
  }),
  ...byExample('Notes', {
    'note.created': { description: 'A note was written.', example: note },
    'note.updated': { description: 'A note was rewritten.', example: note },
    'note.deleted': { description: 'A note was deleted.', example: note },
  }),
  ...byExample('Tasks', {
    'task.created': { description: 'A task was added.', example: task },
    'task.completed': { description: 'A task was finished.', example: { ...task, completed: true } },
  }),
  ...byExample('Calls', {
    'call.linked': { description: 'A call was linked to a record.', example: call },
    'call.unlinked': { description: 'A call was unlinked from a record.', example: call },
  }),
];
