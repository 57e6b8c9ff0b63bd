import { canonicalJson } from '../lib/canonical-json.js';
import {
  addedAndRemoved,
  BOUNDS,
  COMPLEX,
  hasSameValue,
  isSchemaObject,
  arrayOf,
  refOf,
  TEXT_RULES,
  typesOf,
  valuesOf,
  withoutNotes,
  type SchemaObject,
} from './schema-parts.js';

/** One way in which a schema does not stand for what it stood for. */
export interface Incompatibility {
  /** Where in the data: `.lead.email`, `.items[]`, or empty for the data itself. */
  place: string;
  /** Whom it breaks: those who publish what the old schema took, or those who read what the old one promised. */
  breaks: 'publishers' | 'receivers';
  why: string;
}

/** A schema has many places; a person reads the first ones. */
const MAX_FOUND = 50;
const MAX_DEPTH = 64;
/** Characters of alternatives that are compared as texts: with nested ones each level is compared again. */
const MAX_COMPARED = 256 * 1024;

/**
 * In what a new schema of a version breaks those who relied on the old one (ADR 26). What passed must pass, and what
 * was promised must hold; new optional fields break nobody. A schema that said nothing promised nothing.
 */
export function incompatibilities(before: object, after: object): Incompatibility[] {
  if (Object.keys(withoutNotes(before as SchemaObject)).length === 0 || hasSameValue(before, after))
    return [];
  const comparison = new Comparison(before as SchemaObject, after as SchemaObject);
  comparison.compare(before, after, '', 0);
  return comparison.found;
}

class Comparison {
  readonly found: Incompatibility[] = [];
  /** Pairs of references that were compared, or are being compared. */
  private readonly seen = new Set<string>();
  private left = MAX_COMPARED;

  constructor(
    private readonly oldRoot: SchemaObject,
    private readonly newRoot: SchemaObject,
  ) {}

  compare(before: unknown, after: unknown, place: string, depth: number): void {
    if (this.found.length >= MAX_FOUND || depth > MAX_DEPTH || before === after) return;
    if (before === false || after === false) return this.tell(place, 'publishers', 'has another rule');
    const refs = [refOf(before), refOf(after)];
    if (refs[0] !== null && refs[1] !== null) {
      const pair = refs.join(' ');
      if (this.seen.has(pair)) return;
      this.seen.add(pair);
    }
    const old = this.resolved(before, this.oldRoot);
    const now = this.resolved(after, this.newRoot);
    if (!old || !now) return this.tell(place, 'publishers', 'refers to something else');
    this.compareTypes(old, now, place);
    this.compareValues(old, now, place);
    this.compareBounds(old, now, place);
    this.compareObjects(old, now, place, depth);
    this.compareItems(old, now, place, depth);
    this.compareAlternatives(old, now, place, depth);
    this.compareRest(old, now, place);
  }

  private tell(place: string, breaks: Incompatibility['breaks'], why: string): void {
    if (this.found.length < MAX_FOUND) this.found.push({ place, breaks, why });
  }

  /** A schema without its local reference; null: it leads nowhere. */
  private resolved(schema: unknown, root: SchemaObject): SchemaObject | null {
    let found: unknown = schema === true || schema === undefined ? {} : schema;
    for (let steps = 0; steps < MAX_DEPTH && isSchemaObject(found); steps += 1) {
      const ref = refOf(found);
      if (ref === null || !ref.startsWith('#')) return found;
      const target = targetOf(ref, root);
      const { $ref: _followed, ...beside } = found;
      found = isSchemaObject(target) ? { ...target, ...beside } : target === true ? beside : null;
    }
    return null;
  }

  private compareTypes(old: SchemaObject, now: SchemaObject, place: string): void {
    const isListed = ({ type, ...schema }: SchemaObject) => type === undefined && valuesOf(schema) !== null;
    if (isListed(old) || isListed(now)) return;
    const before = typesOf(old);
    const after = typesOf(now);
    const removed = [...before].filter((type) => !after.has(type));
    const added = [...after].filter((type) => !before.has(type));
    if (removed.length > 0) this.tell(place, 'publishers', `can no longer be ${namesOf(removed)}`);
    if (added.length > 0) this.tell(place, 'receivers', `can now be ${namesOf(added)}`);
  }

  private compareValues(old: SchemaObject, now: SchemaObject, place: string): void {
    const before = valuesOf(old);
    const after = valuesOf(now);
    if (!before && !after) return;
    if (!before) return this.tell(place, 'publishers', 'accepts only certain values now');
    if (!after) return this.tell(place, 'receivers', 'accepts values that were not listed before');
    const { added, removed } = addedAndRemoved(before, after);
    if (removed.length > 0) this.tell(place, 'publishers', `no longer accepts ${shown(removed)}`);
    if (added.length > 0) this.tell(place, 'receivers', `may have a new value: ${shown(added)}`);
  }

  private compareBounds(old: SchemaObject, now: SchemaObject, place: string): void {
    for (const [name, direction] of BOUNDS) {
      const [before, after] = [old[name], now[name]];
      if (hasSameValue(before, after)) continue;
      const isTighter =
        before === undefined || (after !== undefined && direction * (Number(after) - Number(before)) > 0);
      this.tell(place, isTighter ? 'publishers' : 'receivers', `has another ${name}`);
    }
    for (const [name, isChecked] of TEXT_RULES) {
      if (hasSameValue(old[name], now[name])) continue;
      if (old[name] !== undefined) this.tell(place, 'receivers', `has another ${name}, or none`);
      else if (isChecked) this.tell(place, 'publishers', `has a ${name} now`);
    }
  }

  private compareObjects(old: SchemaObject, now: SchemaObject, place: string, depth: number): void {
    const [before, after] = [arrayOf(old.required), arrayOf(now.required)];
    for (const name of after)
      if (!before.includes(name)) this.tell(placeOf(place, name), 'publishers', 'is required now');
    for (const name of before)
      if (!after.includes(name)) this.tell(placeOf(place, name), 'receivers', 'is no longer required');
    const [fields, newFields] = [fieldsOf(old), fieldsOf(now)];
    const others = old.additionalProperties;
    for (const [name, schema] of fields) {
      const inside = placeOf(place, name);
      if (newFields.has(name)) this.compare(schema, newFields.get(name), inside, depth + 1);
      else this.tell(inside, 'receivers', 'was removed');
    }
    if (isSchemaObject(others))
      for (const [name, schema] of newFields)
        if (!fields.has(name)) this.compare(others, schema, placeOf(place, name), depth + 1);
    this.compareOthers(others, now.additionalProperties, place, depth);
    this.compareOthers(old.unevaluatedProperties, now.unevaluatedProperties, place, depth);
  }

  /** Receivers read over fields that they do not know. */
  private compareOthers(before: unknown = true, after: unknown = true, place: string, depth: number): void {
    if (before === false) return;
    if (after === false) this.tell(place, 'publishers', 'no longer allows additional fields');
    else this.compare(before, after, `${place}.*`, depth + 1);
  }

  private compareItems(old: SchemaObject, now: SchemaObject, place: string, depth: number): void {
    this.compare(old.items ?? true, now.items ?? true, `${place}[]`, depth + 1);
    const [before, after] = [arrayOf(old.prefixItems), arrayOf(now.prefixItems)];
    if (before.length !== after.length) return this.tell(place, 'publishers', 'has other prefixItems');
    before.forEach((schema, index) => this.compare(schema, after[index], `${place}[${index}]`, depth + 1));
  }

  private compareAlternatives(old: SchemaObject, now: SchemaObject, place: string, depth: number): void {
    for (const name of ['anyOf', 'oneOf', 'allOf'] as const) {
      if (old[name] === undefined && now[name] === undefined) continue;
      const differing = this.differing(arrayOf(old[name]), arrayOf(now[name]));
      if (!differing) return this.tell(place, 'publishers', `has an ${name} that is too large to be judged`);
      const { added, removed } = differing;
      if (added.length === removed.length) {
        removed.forEach((schema, index) => this.compare(schema, added[index], place, depth + 1));
        continue;
      }
      const isUnion = name !== 'allOf';
      if (removed.length > 0)
        this.tell(place, isUnion ? 'publishers' : 'receivers', `has lost a part of its ${name}`);
      if (added.length > 0)
        this.tell(place, isUnion ? 'receivers' : 'publishers', `has a further part in its ${name}`);
    }
  }

  /** The parts of each that the other does not have; null: comparing them takes too long. */
  private differing(before: unknown[], after: unknown[]): { added: unknown[]; removed: unknown[] } | null {
    const textOf = (part: unknown) => {
      const text =
        this.left > 0 ? canonicalJson(isSchemaObject(part) ? withoutNotes(part) : part).toString() : '';
      this.left -= text.length;
      return text;
    };
    const [old, now] = [before.map(textOf), after.map(textOf)];
    if (this.left <= 0) return null;
    const [inOld, inNow] = [new Set(old), new Set(now)];
    return {
      removed: before.filter((_part, index) => !inNow.has(old[index] ?? '')),
      added: after.filter((_part, index) => !inOld.has(now[index] ?? '')),
    };
  }

  /** What cannot be judged must stay the same. */
  private compareRest(old: SchemaObject, now: SchemaObject, place: string): void {
    const changed = COMPLEX.filter((name) => !hasSameValue(old[name], now[name]));
    if (changed.length > 0)
      this.tell(place, 'publishers', `has another ${changed.join(' and ')}, which cannot be judged`);
  }
}

/** The first of some values. */
function shown(values: string[]): string {
  const first = values.slice(0, 5).map((value) => (value.length > 60 ? `${value.slice(0, 59)}…` : value));
  return first.join(', ') + (values.length > 5 ? ' and others' : '');
}

function namesOf(types: string[]): string {
  return types.filter((type) => type !== 'integer' || !types.includes('number')).join(' or ');
}

function fieldsOf({ properties }: SchemaObject): Map<string, unknown> {
  return new Map(isSchemaObject(properties) ? Object.entries(properties) : []);
}

function placeOf(place: string, name: unknown): string {
  return `${place}.${String(name)}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function targetOf(ref: string, root: SchemaObject): unknown {
  let found: unknown = root;
  for (const part of ref.slice(1).split('/').slice(1)) {
    const name = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return null;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}
