import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Invalid, Throttled, type Issue } from '../core/errors.js';
import { EVENT_TYPE_NAME_HINT, isEventTypeName } from '../core/event-type-name.js';
import { FairSemaphore } from '../lib/fair-semaphore.js';
import { FixedWindow } from '../lib/fixed-window.js';
import type { EventTypeDefinition } from './definition.js';
import { versionPartsOf, type Specimen, type VersionPart } from './definition-parts.js';
import { SchemaWorker, type DefinitionFinding, type TooCostly } from './schema-worker.js';

const SCHEMA_BYTES = 32 * 1024;
const EXAMPLE_BYTES = 64 * 1024;

/** Taking a schema in costs about 30 ms, so a second is generous. */
const CHECK_MS = 1_000;
/** What a space's checks may cost in a minute: one each, and this much where the time ran out. */
const PER_MINUTE = 120;
const COSTLY = 20;
const MINUTE_MS = 60_000;
/** Spaces whose checks are counted. */
const MAX_SPACES = 50_000;
/** Checks of one space that wait at a time, in one process. */
const MAX_WAITING = 50;

/** Throws Invalid for a name outside the grammar. */
export function checkName(name: string): void {
  if (isEventTypeName(name)) return;
  throw new Invalid([{ path: 'name', code: 'event_type_name', message: EVENT_TYPE_NAME_HINT }]);
}

/** Looks whether schemas are JSON Schemas and examples fit them, for a limited number of them. */
@Injectable()
export class DefinitionChecks implements OnModuleDestroy {
  private readonly worker = new SchemaWorker(CHECK_MS);
  private readonly window = new FixedWindow({ limit: PER_MINUTE, windowMs: MINUTE_MS, maxKeys: MAX_SPACES });
  private readonly semaphore = new FairSemaphore(1);

  onModuleDestroy(): Promise<void> {
    return this.worker.end();
  }

  /**
   * Throws Invalid unless the schema of each version is a JSON Schema and its examples fit it, and those of the next
   * version as its downgrade makes them; and Throttled. `spaceId`: whose checks are counted; null: those of the
   * operator, which are not.
   */
  async check(spaceId: string | null, definition: EventTypeDefinition, now: number): Promise<void> {
    const { parts, issues } = versionPartsOf(definition);
    issues.push(...parts.flatMap(sizesOf));
    if (issues.length > 0) throw new Invalid(issues);
    // Newest first: what a downgrade makes of an example that is wrong itself tells nothing more.
    let isNewerWrong = false;
    for (const { specimens, ...part } of parts.toReversed()) {
      const own = isNewerWrong ? specimens.filter(({ from }) => from === undefined) : specimens;
      const found = await this.checkPart(spaceId, { ...part, specimens: own }, now);
      isNewerWrong = found.length > 0;
      issues.unshift(...found);
    }
    if (issues.length > 0) throw new Invalid(issues);
  }

  private async checkPart(
    spaceId: string | null,
    { path, schema, specimens }: VersionPart,
    now: number,
  ): Promise<Issue[]> {
    // It lets everything through.
    if (Object.keys(schema).length === 0) return [];
    const examples = specimens.map(({ data }) => data);
    const owner = spaceId ?? '';
    if (this.semaphore.waitingOf(owner) >= MAX_WAITING)
      throw new Throttled('Many schemas of this space are being checked. Try again in a second.', 1);
    // Spaces take turns. What is asked before may use up what is left of the window.
    const finding = await this.semaphore.run(owner, async () => {
      if (spaceId !== null) this.admit(spaceId, now);
      const found = await this.worker.check({ schema, examples });
      if (spaceId !== null && found.kind === 'too_costly')
        for (let cost = 1; cost < COSTLY; cost += 1) this.window.consume(spaceId, now);
      return found;
    });
    const issue = issueOf(finding, path, specimens);
    return issue ? [issue] : [];
  }

  private admit(spaceId: string, now: number): void {
    const { allowed, resetAt } = this.window.consume(spaceId, now);
    if (allowed) return;
    const seconds = Math.max(1, Math.ceil((resetAt - now) / 1_000));
    throw new Throttled('This space had many schemas checked in the last minute. Try again later.', seconds);
  }
}

function sizesOf({ path, schema, specimens }: VersionPart): Issue[] {
  return [
    ...sizeIssues(path, schema, SCHEMA_BYTES),
    ...exampleIssues(specimens.filter(({ from }) => from === undefined)),
    // An asynchronous schema answers with a promise, so its refusal would come when nobody listens any more.
    ...('$async' in schema ? [{ path, code: 'json_schema', message: 'Leave out $async.' }] : []),
  ];
}

/** All examples of a version together. */
function exampleIssues(specimens: Specimen[]): Issue[] {
  const [first] = specimens;
  return first
    ? sizeIssues(
        first.path,
        specimens.length === 1 ? first.data : specimens.map(({ data }) => data),
        EXAMPLE_BYTES,
      )
    : [];
}

function sizeIssues(path: string, value: object, bytes: number): Issue[] {
  if (Buffer.byteLength(JSON.stringify(value)) <= bytes) return [];
  return [{ path, code: 'too_large', message: `Keep it within ${bytes / 1024} KiB of JSON.` }];
}

function issueOf(finding: DefinitionFinding | TooCostly, path: string, specimens: Specimen[]): Issue | null {
  if (finding.kind === 'well') return null;
  if (finding.kind === 'mismatch') return mismatchOf(finding, specimens[finding.index]);
  const message =
    finding.kind === 'unusable'
      ? `It is not a valid JSON Schema of draft 2020-12: ${finding.why}.`
      : `Make it simpler: checking it took more than ${CHECK_MS / 1000} s, or too much memory.`;
  return { path, code: 'json_schema', message };
}

function mismatchOf(
  { place, why }: DefinitionFinding & { kind: 'mismatch' },
  specimen: Specimen | undefined,
): Issue {
  const inside = place.replaceAll('/', '.');
  const path = specimen?.path ?? 'example';
  if (specimen?.from === undefined)
    return { path: `${path}${inside}`, code: 'example_mismatch', message: `The schema says: ${why}.` };
  const what = inside === '' ? 'the data' : inside.slice(1);
  const message = `Its output does not match the previous version. The schema says of ${what}: ${why}.`;
  return { path, code: 'downgrade_mismatch', message };
}
