import { isDeepStrictEqual } from 'node:util';
import { CliFailure } from './cli-failure.js';
import { stringifyExactly } from '../lib/exact-number.js';
import { isJsonObject } from '../lib/is-json-object.js';

/** A subscription as the file declares it, under the API's names. */
export type Declared = Record<string, unknown> & { uid: string };

/** A subscription as the API shows it. */
export type Existing = Record<string, unknown> & { id: string; uid: string | null };

/** A field that differs. `from` is absent where the present value is not shown by the API. */
export interface FieldDifference {
  field: string;
  from?: unknown;
  to: unknown;
}

/** What is to be done with one subscription. */
export type PlanStep =
  | { kind: 'create'; uid: string; fields: Declared }
  | { kind: 'update'; uid: string; differences: FieldDifference[] }
  | { kind: 'delete'; uid: string };

/** Never shown again, so whether they differ is not known: they are sent each time. */
const HIDDEN = new Set(['clientCertificate', 'oauth2']);
/** Of a new subscription only: later it changes by rotation. */
const AT_FIRST = new Set(['uid', 'secret']);
/** It is changed by calls of its own, so the server does not see what the file says. */
const STATUSES: unknown[] = ['active', 'paused'];

/** Reads the file's value: `{subscriptions: [{uid, url, …}]}`. Throws CliFailure. */
export function readDeclared(value: unknown): Declared[] {
  const list = isJsonObject(value) ? value.subscriptions : undefined;
  if (!Array.isArray(list))
    throw new CliFailure(['The file has no list "subscriptions". Each entry has a uid and a url.']);
  const seen = new Set<string>();
  return list.map((one: unknown, index): Declared => {
    const uid = isJsonObject(one) ? one.uid : undefined;
    if (typeof uid !== 'string' || uid === '')
      throw new CliFailure([`subscriptions[${index}] has no uid. Give each entry one.`]);
    if (seen.has(uid)) throw new CliFailure([`subscriptions[${index}]: the uid "${uid}" is used twice.`]);
    const { status = 'active' } = one as { status?: unknown };
    if (!STATUSES.includes(status))
      throw new CliFailure([
        `subscriptions[${index}]: the status is "active" or "paused". Nothing was sent.`,
      ]);
    seen.add(uid);
    return { ...(one as object), uid };
  });
}

/**
 * What makes the space as the file says. Fields that the file leaves out stay as they are; subscriptions without a uid
 * stay, and others that the file does not have are deleted with `prune` only.
 */
export function planOf(declared: Declared[], existing: Existing[], prune: boolean): PlanStep[] {
  const byUid = new Map(existing.map((one) => [one.uid, one]));
  const steps = declared.flatMap((fields): PlanStep[] => {
    const { uid } = fields;
    const now = byUid.get(uid);
    if (!now) return [{ kind: 'create', uid, fields }];
    const differences = differencesOf(fields, now);
    return differences.length > 0 ? [{ kind: 'update', uid, differences }] : [];
  });
  const kept = new Set(declared.map(({ uid }) => uid));
  const gone = existing.flatMap(({ uid }) => (uid === null || kept.has(uid) ? [] : uid));
  return prune ? [...steps, ...gone.map((uid): PlanStep => ({ kind: 'delete', uid }))] : steps;
}

function differencesOf(fields: Declared, now: Existing): FieldDifference[] {
  return Object.entries(fields).flatMap(([field, to]): FieldDifference[] => {
    if (AT_FIRST.has(field)) return [];
    if (HIDDEN.has(field)) return to === null && now[field] === null ? [] : [{ field, to }];
    return isDeepStrictEqual(now[field], to) ? [] : [{ field, from: now[field] ?? null, to }];
  });
}

/** The step for people. Values that may be secrets are not in it. */
export function linesOf(step: PlanStep): string[] {
  if (step.kind === 'create') return [`+ ${step.uid}  ${String(step.fields.url)}`];
  if (step.kind === 'delete') return [`- ${step.uid}`];
  const changes = step.differences.map(({ field, from, to }) => {
    const isSecret = HIDDEN.has(field) || field === 'headers';
    return isSecret
      ? `    ${field}: ***`
      : `    ${field}: ${stringifyExactly(from)} → ${stringifyExactly(to)}`;
  });
  return [`~ ${step.uid}`, ...changes];
}
