import { canonicalJson } from '../lib/canonical-json.js';
import {
  addedAndRemoved,
  BOUNDS,
  COMPLEX,
  hasSameValue,
  isSchemaObject,
  arrayOf,
  listedIn,
  refOf,
  TEXT_RULES,
  typesOf,
  valuesOf,
  withoutNotes,
  type SchemaObject,
} from './schema-parts.js';
import { percentDecoded } from '../lib/percent-decoded.js';

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
/**
 * Characters that may be compared as texts, where a pair of schemas counts as some: references can make more pairs
 * than anybody waits for. What is left when they are used up counts as a change that breaks publishers.
 */
const MAX_COMPARED = 256 * 1024;
const COST_OF_PAIR = 100;
/** Pairs in one step: going on after a step takes as long as comparing some. */
const PAIRS_OF_STEP = 20;
const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef'];
/** Used where there is no schema: it allows everything. */
const ANYTHING: SchemaObject = {};

/**
 * In what a new schema of a version breaks those who relied on the old one (ADR 26). What passed must pass, and what
 * was promised must hold; new optional fields break nobody. A schema that said nothing promised nothing.
 */
export function incompatibilities(before: object, after: object): Incompatibility[] {
  const steps = comparing(before, after);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** The same in steps that take a fraction of a millisecond each. */
export function* comparing(before: object, after: object): Generator<void, Incompatibility[]> {
  if (Object.keys(withoutNotes(before as SchemaObject)).length === 0 || hasSameValue(before, after))
    return [];
  const comparison = new Comparison(before as SchemaObject, after as SchemaObject);
  yield* comparison.compare(before, after, '', 0);
  return comparison.found;
}

class Comparison {
  readonly found: Incompatibility[] = [];
  /** Pairs that were compared, or are being compared. */
  private readonly seen = new Map<unknown, Set<unknown>>();
  private left = MAX_COMPARED;
  private pairs = 0;
  private isGivenUp = false;
  private areDefinitionsSame: boolean | null = null;

  constructor(
    private readonly oldRoot: SchemaObject,
    private readonly newRoot: SchemaObject,
  ) {}

  *compare(
    before: unknown = ANYTHING,
    after: unknown = ANYTHING,
    place: string,
    depth: number,
  ): Generator<void> {
    if (this.found.length >= MAX_FOUND || depth > MAX_DEPTH || before === after) return;
    if (before === false || after === false) {
      this.tell(place, 'publishers', 'has another rule');
      return;
    }
    if (isEmpty(before) && isEmpty(after)) return;
    if (this.wasCompared(before, after)) return;
    this.pairs += 1;
    if (this.pairs % PAIRS_OF_STEP === 0) yield;
    this.left -= COST_OF_PAIR;
    if (this.left <= 0) {
      this.giveUp();
      return;
    }
    const old = this.resolved(before, this.oldRoot);
    const now = this.resolved(after, this.newRoot);
    if (!old || !now) {
      this.tell(place, 'publishers', 'refers to something else');
      return;
    }
    if ((refersElsewhere(old) || refersElsewhere(now)) && !this.hasSameDefinitions(old, now))
      this.tell(place, 'publishers', 'has a reference that cannot be judged, and other definitions');
    this.compareTypes(old, now, place);
    this.compareValues(old, now, place);
    this.compareBounds(old, now, place);
    yield* this.compareObjects(old, now, place, depth);
    yield* this.compareItems(old, now, place, depth);
    yield* this.compareAlternatives(old, now, place, depth);
    this.compareRest(old, now, place);
  }

  private wasCompared(before: unknown, after: unknown): boolean {
    const [old, now] = [identityOf(before), identityOf(after)];
    const others = this.seen.get(old) ?? new Set();
    const isKnown = others.has(now);
    this.seen.set(old, others.add(now));
    return isKnown;
  }

  /** Once, whatever else is found. */
  private giveUp(): void {
    if (this.isGivenUp) return;
    this.isGivenUp = true;
    this.tell('', 'publishers', 'has too large a schema to be judged');
  }

  private tell(place: string, breaks: Incompatibility['breaks'], why: string): void {
    if (this.found.length < MAX_FOUND) this.found.push({ place, breaks, why });
  }

  /** Whether what both refer to, wherever it stands, is the same. */
  private hasSameDefinitions(old: SchemaObject, now: SchemaObject): boolean {
    this.areDefinitionsSame ??= ['$defs', 'definitions'].every((name) =>
      hasSameValue(this.oldRoot[name], this.newRoot[name]),
    );
    return this.areDefinitionsSame && REFERENCES.every((name) => old[name] === now[name]);
  }

  /** A schema without its reference by place; null: that leads nowhere. */
  private resolved(schema: unknown, root: SchemaObject): SchemaObject | null {
    let found: unknown = schema === true ? ANYTHING : schema;
    for (let steps = 0; steps < MAX_DEPTH && isSchemaObject(found); steps += 1) {
      const ref = refOf(found);
      if (ref === null || !/^#(?:\/|$)/.test(ref)) return found;
      const target = targetOf(ref, root);
      const { $ref: _followed, ...beside } = found;
      found = isSchemaObject(target) ? { ...target, ...beside } : target === true ? beside : null;
    }
    return null;
  }

  private compareTypes(old: SchemaObject, now: SchemaObject, place: string): void {
    const isListed = ({ type, ...schema }: SchemaObject) => type === undefined && listedIn(schema) !== null;
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

  private *compareObjects(
    old: SchemaObject,
    now: SchemaObject,
    place: string,
    depth: number,
  ): Generator<void> {
    const [before, after] = [new Set(arrayOf(old.required)), new Set(arrayOf(now.required))];
    for (const name of after)
      if (!before.has(name)) this.tell(placeOf(place, name), 'publishers', 'is required now');
    for (const name of before)
      if (!after.has(name)) this.tell(placeOf(place, name), 'receivers', 'is no longer required');
    const [fields, newFields] = [fieldsOf(old), fieldsOf(now)];
    const others = old.additionalProperties;
    for (const [name, schema] of fields) {
      const inside = placeOf(place, name);
      if (newFields.has(name)) yield* this.compare(schema, newFields.get(name), inside, depth + 1);
      else this.tell(inside, 'receivers', 'was removed');
    }
    if (isSchemaObject(others))
      for (const [name, schema] of newFields)
        if (!fields.has(name)) yield* this.compare(others, schema, placeOf(place, name), depth + 1);
    yield* this.compareOthers(others, now.additionalProperties, place, depth);
    yield* this.compareOthers(old.unevaluatedProperties, now.unevaluatedProperties, place, depth);
  }

  /** Receivers read over fields that they do not know. */
  private *compareOthers(
    before: unknown = true,
    after: unknown = true,
    place: string,
    depth: number,
  ): Generator<void> {
    if (before === false) return;
    if (after === false) this.tell(place, 'publishers', 'no longer allows additional fields');
    else yield* this.compare(before, after, `${place}.*`, depth + 1);
  }

  private *compareItems(old: SchemaObject, now: SchemaObject, place: string, depth: number): Generator<void> {
    yield* this.compare(old.items, now.items, `${place}[]`, depth + 1);
    const [before, after] = [arrayOf(old.prefixItems), arrayOf(now.prefixItems)];
    if (before.length !== after.length) {
      this.tell(place, 'publishers', 'has other prefixItems');
      return;
    }
    for (const [index, schema] of before.entries())
      yield* this.compare(schema, after[index], `${place}[${index}]`, depth + 1);
  }

  private *compareAlternatives(
    old: SchemaObject,
    now: SchemaObject,
    place: string,
    depth: number,
  ): Generator<void> {
    for (const name of ['anyOf', 'oneOf', 'allOf'] as const) {
      if (old[name] === undefined && now[name] === undefined) continue;
      const differing = this.differing(arrayOf(old[name]), arrayOf(now[name]));
      if (!differing) {
        this.tell(place, 'publishers', `has an ${name} that is too large to be judged`);
        return;
      }
      const { added, removed } = differing;
      if (added.length === removed.length) {
        for (const [index, schema] of removed.entries())
          yield* this.compare(schema, added[index], place, depth + 1);
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

  private isSameText(before: unknown, after: unknown): boolean {
    if (before === after) return true;
    if (before === undefined || after === undefined || this.left <= 0) return false;
    const [old, now] = [canonicalJson(before), canonicalJson(after)];
    this.left -= old.length;
    return old.equals(now);
  }

  /** What cannot be judged must stay the same. */
  private compareRest(old: SchemaObject, now: SchemaObject, place: string): void {
    const changed = COMPLEX.filter((name) => !this.isSameText(old[name], now[name]));
    if (changed.length > 0)
      this.tell(place, 'publishers', `has another ${changed.join(' and ')}, which cannot be judged`);
  }
}

/** Whether a schema, without its reference by place, refers to an anchor or an id. */
function refersElsewhere(schema: SchemaObject): boolean {
  return REFERENCES.some((name) => schema[name] !== undefined);
}

/** What equal references have in common; of all else itself. */
function identityOf(schema: unknown): unknown {
  const ref = refOf(schema);
  return ref !== null && Object.keys(schema as SchemaObject).length === 1 ? ref : schema;
}

/** Whether it says nothing. */
function isEmpty(schema: unknown): boolean {
  return isSchemaObject(schema) && Object.keys(schema).length === 0;
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

function targetOf(ref: string, root: SchemaObject): unknown {
  let found: unknown = root;
  for (const part of ref.slice(1).split('/').slice(1)) {
    const name = percentDecoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return null;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}
