import { memberTexts } from '../../lib/json-scanner.js';
import type { RenderInput } from '../profile.js';
import { idFrom } from './ids.js';

/**
 * One flat object: the activity as it was published, with what it left out of the fields that every one has. Values
 * keep their text. `secret` is the webhook's or not there at all, whatever the product put into its data.
 */
export function render({ event, type, data, secret }: RenderInput): Buffer {
  const members = memberTexts(data);
  members.delete('secret');
  const common = {
    _id: idFrom('act', event.id),
    type,
    teamId: idFrom('tea', event.spaceId),
    createdAt: event.occurredAt.toISOString(),
  };
  const added = Object.entries(common)
    .filter(([name]) => !members.has(name))
    .map(([name, value]): [string, string] => [name, JSON.stringify(value)]);
  // In its place: the activity behind a lead state has its own type there.
  if (members.has('type')) members.set('type', JSON.stringify(type));
  const all = [...added, ...members];
  if (secret !== null) all.push(['secret', JSON.stringify(secret)]);
  return Buffer.from(`{${all.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`);
}
