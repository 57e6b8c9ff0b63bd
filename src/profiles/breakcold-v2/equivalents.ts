import type { Equivalent, FieldPair } from '../equivalents.js';

const always = (theirs: string, value: unknown): FieldPair => ({ native: [], theirs, otherwise: value });

const person: FieldPair[] = [
  { native: 'id', theirs: 'id' },
  always('objectType', 'person'),
  always('objectTypeName', 'Person'),
  { native: ['first_name', 'last_name'], joined: true, theirs: 'name', otherwise: null },
  { native: ['first_name', 'last_name'], joined: true, theirs: 'fields.name', otherwise: null },
  { native: 'email', theirs: 'fields.email', otherwise: null },
  { native: 'company', theirs: 'fields.company', otherwise: null },
  { native: 'created_at', theirs: 'createdAt', otherwise: null },
  { native: 'updated_at', theirs: 'updatedAt', otherwise: null },
];

const note: FieldPair[] = [
  { native: 'note.id', theirs: 'id' },
  { native: 'lead.id', theirs: 'recordId' },
  { native: 'note.content', theirs: 'content' },
  { native: 'note.created_at', theirs: 'createdAt' },
  { native: 'note.updated_at', theirs: 'updatedAt' },
];

const task: FieldPair[] = [
  { native: 'task.id', theirs: 'id' },
  { native: 'lead.id', theirs: 'recordId' },
  { native: 'task.title', theirs: 'title' },
  { native: 'task.is_done', theirs: 'completed' },
  { native: 'task.created_at', theirs: 'createdAt' },
  { native: 'task.updated_at', theirs: 'updatedAt' },
];

export const breakcoldV2Equivalents: Equivalent[] = [
  { native: 'lead.create', theirs: 'record.created', fields: person },
  { native: 'lead.update', theirs: 'record.updated', fields: person },
  { native: 'lead.delete', theirs: 'record.deleted', fields: person },
  { native: 'lead.note.create', theirs: 'note.created', fields: note },
  { native: 'lead.note.update', theirs: 'note.updated', fields: note },
  { native: 'lead.note.delete', theirs: 'note.deleted', fields: note },
  { native: 'lead.task.create', theirs: 'task.created', fields: task },
  {
    native: 'lead.task.update',
    theirs: 'task.completed',
    when: { path: 'task.is_done', is: [true] },
    fields: task,
  },
];
