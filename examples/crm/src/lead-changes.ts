import type { TypedEvent } from '@posthorn/nestjs';
import type { Lead } from './entities.js';

const FIELDS = ['email', 'first_name', 'last_name', 'company'] as const;

/** The events that tell what has changed between two states of a lead. */
export function changesOf(before: Lead, after: Lead): TypedEvent[] {
  const events: TypedEvent[] = [];
  const { status, list, tags, ...lead } = after;
  if (FIELDS.some((field) => before[field] !== after[field]))
    events.push({ type: 'lead.update', data: after });
  if (before.status?.id !== status?.id)
    events.push({ type: 'lead.status.update', data: { lead, from: before.status, to: status } });
  if (before.list?.id !== list?.id)
    events.push({ type: 'lead.list.update', data: { lead, from: before.list, to: list } });
  const [had, has] = [before.tags, tags].map((some) => new Set(some.map(({ id }) => id)));
  const added = tags.filter(({ id }) => !had?.has(id));
  const removed = before.tags.filter(({ id }) => !has?.has(id));
  if (added.length + removed.length > 0)
    events.push({ type: 'lead.tags.update', data: { lead, tags, added, removed } });
  return events;
}
