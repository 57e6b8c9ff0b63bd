import { parseStrictly } from '../http/json-body.js';
import type { InboxRow } from '../event-store/inbox-rows.js';
import type { EventDraft } from './draft.js';
import { readEvents } from './publish-input.js';

/** The same event as an HTTP request would have it. Throws a PosthornError when such a request would be refused. */
export function draftOf({ id, type, data, key, options }: InboxRow): EventDraft {
  const others = options.slice(1, -1).trim();
  const members = [
    `"type":${JSON.stringify(type)}`,
    `"data":${data}`,
    ...(key === null ? [] : [`"id":${JSON.stringify(key)}`]),
    ...(others === '' ? [] : [others]),
  ];
  const text = `{${members.join(',')}}`;
  const [draft] = readEvents(parseStrictly(text), text);
  return { ...(draft as EventDraft), eventId: id };
}
