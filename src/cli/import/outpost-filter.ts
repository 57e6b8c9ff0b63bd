import { isTag, MAX_TAGS, type ImportEndpoint, type ImportTags } from './import-plan.js';
import {
  FILTER_TAKEN,
  filterOf,
  keepNodes,
  leftOut,
  OUTPOST_FILTERS,
  readFilter,
  type Node,
} from './source-filter.js';

type Taken = Pick<ImportEndpoint, 'events' | 'filter' | 'scope'> & { notes: string[] };

/**
 * A filter looks at `{id, topic, time, metadata, data}`. Conditions on `data` become the filter, on `topic` event
 * types, on `metadata` tags. Anything else is left out, so that an event may come too much, but none too few.
 */
export function readOutpostFilter(schema: object, topics: '*' | string[]): Taken {
  const all = topics === '*' || topics.includes('*') ? undefined : topics;
  if (Object.keys(schema).length === 0) return { events: all, notes: [] };
  const { nodes, left } = readFilter(schema, OUTPOST_FILTERS);
  const { events, rest } = takeTopics(nodes, all);
  const { tags, rest: others } = takeTags(rest);
  const isOfData = ([root, ...path]: string[]) => root === 'data' && path.length > 0;
  const filter = filterOf(keepNodes(others, isOfData, left).map(withoutRoot), left);
  const names = Object.keys(tags);
  const notes = [
    ...(filter === null ? [] : [FILTER_TAKEN]),
    ...(names.length > 0
      ? [`Its filter is on metadata (${names.join(', ')}): publish these as "tags".`]
      : []),
    ...leftOut(left),
  ];
  return { events, ...(filter && { filter }), ...(names.length > 0 && { scope: { tags } }), notes };
}

/** The event types that a condition on the topic leaves. Where none is left, the condition stays. */
function takeTopics(nodes: Node[], topics: string[] | undefined) {
  const index = nodes.findIndex((node) => valuesAt(node, 'topic') !== null);
  const wanted = nodes[index] ? (valuesAt(nodes[index], 'topic') ?? []) : [];
  const events = wanted.filter((name) => topics === undefined || topics.includes(name));
  if (events.length === 0) return { events: topics, rest: nodes };
  return { events, rest: nodes.filter((_node, at) => at !== index) };
}

function takeTags(nodes: Node[]): { tags: ImportTags; rest: Node[] } {
  const tags: ImportTags = {};
  const rest = nodes.filter((node) => {
    const [root, name = ''] = 'condition' in node ? node.path : [];
    const values = root === 'metadata' ? valuesAt(node, root, name) : null;
    if (!values?.every((value) => isTag(name, value))) return true;
    if (Object.hasOwn(tags, name) || Object.keys(tags).length === MAX_TAGS) return true;
    tags[name] = values.length === 1 ? (values[0] ?? '') : values;
    return false;
  });
  return { tags, rest };
}

/** The texts of which the value at this path must be one; null: the node says something else. */
function valuesAt(node: Node, ...path: string[]): string[] | null {
  if (!('condition' in node) || node.path.join('\0') !== path.join('\0')) return null;
  const { in: list, ...rest } = node.condition;
  const isList = Array.isArray(list) && Object.keys(rest).length === 0;
  return isList && list.every((value) => typeof value === 'string') ? list : null;
}

function withoutRoot(node: Node): Node {
  if ('condition' in node) return { ...node, path: node.path.slice(1) };
  return { any: node.any.map((nodes) => nodes.map(withoutRoot)) };
}
