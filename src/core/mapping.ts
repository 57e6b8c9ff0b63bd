import type { Issue } from './errors.js';
import { parsePath } from './filter-path.js';
import { isJsonObject } from '../lib/is-json-object.js';

/**
 * One step of a mapping of data: `{"move": "lead.mail", "to": "lead.email"}`, `{"drop": "lead.score"}`,
 * `{"set": "lead.kind", "value": "person"}`, or `{"default": "lead.tags", "value": []}` for what is absent or null.
 */
export interface MappingStep {
  move?: string;
  to?: string;
  drop?: string;
  set?: string;
  default?: string;
  value?: unknown;
}

/** Steps of one mapping, names of a path and characters of one: a mapping's cost is bounded by these. */
export const MAX_STEPS = 50;
const MAX_PATH_NAMES = 8;
export const MAX_PATH = 256;
const MAX_VALUE_BYTES = 4_096;

const KINDS = ['move', 'drop', 'set', 'default'] as const;
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));
const FORM =
  'Use {"move": path, "to": path}, {"drop": path}, {"set": path, "value": …} or {"default": path, "value": …}.';

/** A mapping cannot be carried out with this data. */
export class MappingFailed extends Error {}

/** How values of a document are read and made: its JSON text, or what was parsed of it. */
export interface DocumentForm<T> {
  /** The members of an object; null for anything else. */
  open(value: T): Map<string, T> | null;
  close(members: Map<string, T>): T;
  isNull(value: T): boolean;
  of(value: unknown): T;
}

/** What is wrong with a mapping from outside. `at`: where it stands. */
export function checkMapping(steps: unknown, at: string): Issue[] {
  if (!Array.isArray(steps))
    return [{ path: at, code: 'is_array', message: `Must be a list of steps. ${FORM}` }];
  if (steps.length > MAX_STEPS)
    return [{ path: at, code: 'array_max_size', message: `Use at most ${MAX_STEPS} steps.` }];
  return steps.flatMap((step: unknown, index) => checkStep(step, `${at}[${index}]`));
}

function checkStep(step: unknown, at: string): Issue[] {
  const issue = (path: string, message: string): Issue => ({ path, code: 'mapping_step', message });
  if (!isJsonObject(step)) return [issue(at, FORM)];
  const kind = KINDS.find((name) => Object.hasOwn(step, name));
  if (!kind) return [issue(at, FORM)];
  const wanted = kind === 'move' ? [kind, 'to'] : kind === 'drop' ? [kind] : [kind, 'value'];
  const names = Object.keys(step);
  if (names.length !== wanted.length || !wanted.every((name) => Object.hasOwn(step, name)))
    return [issue(at, FORM)];
  const fields = step;
  const paths = kind === 'move' ? ['move', 'to'] : [kind];
  const issues = paths.flatMap((field) => {
    const problem = problemOfPath(fields[field]);
    return problem === null ? [] : [issue(`${at}.${field}`, problem)];
  });
  if (wanted.includes('value') && JSON.stringify(fields.value).length > MAX_VALUE_BYTES)
    issues.push(issue(`${at}.value`, `Keep it within ${MAX_VALUE_BYTES} characters of JSON.`));
  return issues;
}

function problemOfPath(path: unknown): string | null {
  const example = 'Use a path of names such as lead.email, and lead["a.b"] for names with dots.';
  if (typeof path !== 'string' || path.length === 0 || path.length > MAX_PATH) return example;
  const names = parsePath(path);
  if (names === null || names.includes('') || names.length > MAX_PATH_NAMES) return example;
  return names.some((name) => INHERITED.has(name)) ? `"${path}" contains a reserved name.` : null;
}

type Tree<T> = { value: T } | { members: Map<string, Tree<T>> };

/**
 * Carries out steps that were checked. What no path goes through stays as it is. Yields before it looks into a value,
 * with that value, so that the caller can pause before a large one. Throws MappingFailed.
 */
export function* mapDocument<T>(
  root: T,
  steps: readonly MappingStep[],
  form: DocumentForm<T>,
): Generator<T, T, void> {
  const tree: Tree<T> = { value: root };
  for (const [index, step] of steps.entries()) {
    try {
      yield* carryOut(tree, step, form);
    } catch (error) {
      if (!(error instanceof MappingFailed)) throw error;
      throw new MappingFailed(`step ${index + 1}, ${JSON.stringify(step).slice(0, 200)}: ${error.message}`);
    }
  }
  return closed(tree, form);
}

/** Without pauses. */
export function mapAtOnce<T>(root: T, steps: readonly MappingStep[], form: DocumentForm<T>): T {
  const walk = mapDocument(root, steps, form);
  for (;;) {
    const { done, value } = walk.next();
    if (done) return value;
  }
}

function* carryOut<T>(
  tree: Tree<T>,
  { move, to, drop, set, default: absent, value }: MappingStep,
  form: DocumentForm<T>,
): Generator<T, void, void> {
  if (move !== undefined && to !== undefined) {
    const found = yield* take(tree, move, form);
    if (found) yield* put(tree, to, found, form);
  } else if (drop !== undefined) yield* take(tree, drop, form);
  else if (set !== undefined) yield* put(tree, set, { value: form.of(value) }, form);
  else if (absent !== undefined) {
    const found = yield* look(tree, absent, form);
    const isThere = found && !('value' in found && form.isNull(found.value));
    if (!isThere) yield* put(tree, absent, { value: form.of(value) }, form);
  }
}

/** The members of a place; null when it is no object. Keeps the place open. */
function* enter<T>(tree: Tree<T>, form: DocumentForm<T>): Generator<T, Map<string, Tree<T>> | null, void> {
  if ('members' in tree) return tree.members;
  yield tree.value;
  const opened = form.open(tree.value);
  if (!opened) return null;
  const members = new Map([...opened].map(([name, value]): [string, Tree<T>] => [name, { value }]));
  Reflect.deleteProperty(tree, 'value');
  Object.assign(tree, { members });
  return members;
}

function* parentOf<T>(tree: Tree<T>, names: string[], form: DocumentForm<T>) {
  let place: Tree<T> | undefined = tree;
  for (const name of names) {
    const members: Map<string, Tree<T>> | null = yield* enter(place, form);
    place = members?.get(name);
    if (!place) return null;
  }
  return yield* enter(place, form);
}

function* look<T>(tree: Tree<T>, path: string, form: DocumentForm<T>) {
  const names = namesOf(path);
  const last = names.pop() as string;
  const members = yield* parentOf(tree, names, form);
  return members?.get(last);
}

function* take<T>(tree: Tree<T>, path: string, form: DocumentForm<T>) {
  const names = namesOf(path);
  const last = names.pop() as string;
  const members = yield* parentOf(tree, names, form);
  const found = members?.get(last);
  members?.delete(last);
  return found;
}

/** Makes the objects on the way that are absent or null. */
function* put<T>(
  tree: Tree<T>,
  path: string,
  value: Tree<T>,
  form: DocumentForm<T>,
): Generator<T, void, void> {
  const names = namesOf(path);
  const last = names.pop() as string;
  let members = yield* enter(tree, form);
  const seen: string[] = [];
  for (const name of names) {
    seen.push(name);
    const next: Tree<T> | undefined = members?.get(name);
    if (next && !('value' in next && form.isNull(next.value))) members = yield* enter(next, form);
    else {
      const made = new Map<string, Tree<T>>();
      members?.set(name, { members: made });
      members = made;
    }
    if (!members)
      throw new MappingFailed(`"${seen.join('.')}" is not an object, so it cannot have "${last}"`);
  }
  members?.set(last, value);
}

function namesOf(path: string): string[] {
  return parsePath(path) ?? path.split('.');
}

function closed<T>(tree: Tree<T>, form: DocumentForm<T>): T {
  if ('value' in tree) return tree.value;
  const members = [...tree.members].map(([name, member]): [string, T] => [name, closed(member, form)]);
  return form.close(new Map(members));
}
