import type { RenderInput } from '../profile.js';

/** Products put their own space's id into the payload; then it is the same as the one beside it. */
function spaceOf(data: string, ours: string): string {
  if (!data.includes('"id_space"')) return ours;
  const { id_space: theirs } = JSON.parse(data) as { id_space?: unknown };
  return typeof theirs === 'string' ? theirs : ours;
}

/**
 * Four keys in this order. The payload goes in as the text it was published as, so that nulls, the order of keys and
 * `0` against `0.0` stay as they are.
 */
export function render({ event, type, data, secret }: RenderInput): Buffer {
  const head = { id_space: spaceOf(data, event.spaceId), event: type, secret };
  return Buffer.from(`${JSON.stringify(head).slice(0, -1)},"payload":${data}}`);
}
