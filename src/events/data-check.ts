import { Injectable, Logger } from '@nestjs/common';
import { Invalid, Throttled, Unavailable, type Issue } from '../core/errors.js';
import { publicId } from '../core/ids.js';
import { Database } from '../database/database.js';
import { DataValidator, type DataResult } from '../event-types/data-validator.js';
import { SchemaTexts } from '../event-types/schema-texts.js';
import type { TypeRule } from '../event-types/space-types.js';
import { RoutingTable, type Routes } from '../endpoints/routing.js';
import { BoundedLog } from '../telemetry/bounded-log.js';
import { ProcessMetrics } from '../telemetry/process-metrics.js';
import type { EventDraft, PublishedEvent } from './draft.js';
import { findOwners, isOtherEvent, keyOf, type KeyOwner } from '../event-store/event-keys.js';
import { fingerprint } from './fingerprint.js';
import { keyOfDraft, unknownTypes } from './plan.js';
import type { PublishRequest } from './store.js';
import { refusalOfTypes, ruleKey, Unchecked } from './type-rules.js';

/** How often a request is repeated whose types change again and again. */
const MAX_TRIES = 5;
/** Problems that one answer names. */
const MAX_ISSUES = 100;
const NOT_TRIED =
  'Comparing data of this space with schemas took more than a second several times in the last minute. Make the ' +
  'schemas simpler, or try again later.';
const CHANGING = 'The event types of the space are being changed. Try again.';

type Refusal = Invalid | Throttled | Unavailable;

interface Refused {
  draft: EventDraft;
  issues: Issue[];
}

interface Ruled {
  draft: EventDraft;
  rule: TypeRule;
}

/**
 * Compares published data with the schemas of its types, where a type, its space or the instance wants that. The routes
 * in memory may be out of date: `store` throws Unchecked when the current ones have other rules, and writes nothing.
 */
@Injectable()
export class DataCheck {
  private readonly texts: SchemaTexts;
  private readonly log = new BoundedLog(new Logger('events'));

  constructor(
    private readonly database: Database,
    private readonly routing: RoutingTable,
    private readonly validator: DataValidator,
    private readonly metrics: ProcessMetrics,
  ) {
    this.texts = new SchemaTexts(database.sql);
  }

  /** Runs `store` once its drafts were checked. Throws Invalid, and what `store` throws. `routes`: as last seen. */
  async around<T>(request: PublishRequest, routes: Routes | null, store: () => Promise<T>): Promise<T> {
    let known = routes;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      try {
        if (known?.types.isRuled) await this.check(request, known);
        return await store();
      } catch (error) {
        if (!(error instanceof Unchecked)) throw error;
        known = error.routes;
      }
    }
    throw new Unavailable(CHANGING);
  }

  /**
   * Why the request is refused by the rules of its types: Invalid, or, when nothing can be said now, Throttled or
   * Unavailable; null: it is not refused. The routes must be current.
   */
  async refusalOf(request: PublishRequest, routes: Routes): Promise<Refusal | null> {
    try {
      if (!routes.types.isRuled) return null;
      await this.check(request, routes);
      return refusalOfTypes(request.drafts, routes) instanceof Unchecked ? new Unavailable(CHANGING) : null;
    } catch (error) {
      if (error instanceof Unchecked) return new Unavailable(CHANGING);
      if (error instanceof Invalid || error instanceof Throttled) return error;
      throw error;
    }
  }

  private async check(request: PublishRequest, routes: Routes): Promise<void> {
    const { drafts, remembered } = request;
    // They are refused where they are stored.
    if (unknownTypes(drafts, routes)) return;
    const refused: Refused[] = [];
    for (const ruled of bySchema(drafts, routes))
      refused.push(...(await this.checkSchema(request, routes, ruled)));
    const issues = refused.length > 0 ? await this.withoutRepetitions(request, refused) : [];
    if (issues.length === 0) return;
    // What is refused is refused by the current rules; and a caller that may not publish any more learns that only.
    const current = (await this.routing.current(this.database.sql, [request.spaceId])).get(request.spaceId);
    if (current && current.version !== routes.version) throw new Unchecked(current);
    await remembered?.confirm();
    throw new Invalid(issues.slice(0, MAX_ISSUES));
  }

  /** The problems of what was not stored before: a repetition gets the first answer, however strict its schema is. */
  private async withoutRepetitions({ spaceId }: PublishRequest, refused: Refused[]): Promise<Issue[]> {
    const keys = new Set(refused.flatMap(({ draft }) => keyOfDraft(draft) ?? []));
    const all = [...keys].map((key) => ({ spaceId, key }));
    const owners = all.length > 0 ? await findOwners(this.database.sql, all) : new Map<string, KeyOwner>();
    const isNew = ({ draft }: Refused) => {
      const key = keyOfDraft(draft);
      const owner = key === undefined ? undefined : owners.get(keyOf(spaceId, key));
      return !owner || isOtherEvent(owner, { fingerprint: fingerprint(draft) });
    };
    return refused.filter(isNew).flatMap(({ issues }) => issues);
  }

  /** Compares drafts of one schema. Returns those that are refused; others get warnings. */
  private async checkSchema({ spaceId }: PublishRequest, routes: Routes, ruled: Ruled[]): Promise<Refused[]> {
    const [first] = ruled;
    if (!first) return [];
    const { rule } = first;
    const results = await this.resultsOf(spaceId, routes, rule, ruled);
    // The type has another schema meanwhile: its drafts stay unchecked.
    if (!results) return [];
    const isRefused = rule.validation === 'enforce';
    const late = results.find((result) => result.kind === 'not_tried');
    if (late && isRefused) throw new Throttled(NOT_TRIED, Math.ceil(late.againInMs / 1_000));
    const refused: Refused[] = [];
    let mismatches = 0;
    ruled.forEach(({ draft }, index) => {
      const found = issuesOf(results[index] ?? { kind: 'fits' }, draft, rule);
      if (found.length > 0) mismatches += 1;
      if (isRefused && found.length > 0) refused.push({ draft, issues: found });
      const warnings = [...deprecation(draft, rule), ...(isRefused ? [] : found)];
      draft.checked = ruleKey(rule);
      if (warnings.length > 0) draft.warnings = warnings;
      else delete draft.warnings;
      if (!isRefused && found.length > 0) this.logMismatch(spaceId, rule, found);
    });
    if (mismatches > 0) this.metrics.counters.dataMismatches.inc({ validation: rule.validation }, mismatches);
    return refused;
  }

  private async resultsOf(
    spaceId: string,
    routes: Routes,
    rule: TypeRule,
    ruled: Ruled[],
  ): Promise<DataResult[] | null> {
    const { hash, validation } = rule;
    if (hash === null || validation === 'off') return [];
    const text = await this.texts.textOf(spaceId, routes.profile, rule);
    if (text === null) return null;
    return this.validator.validate(
      spaceId,
      { hash, text },
      ruled.map(({ draft }) => draft.text),
    );
  }

  /** Paths only: values are the space's. */
  private logMismatch(spaceId: string, { name }: TypeRule, issues: Issue[]): void {
    const paths = issues.slice(0, 5).map(({ path }) => path);
    this.log.warn({
      msg: 'event.data_mismatch',
      space: publicId('spc', spaceId),
      eventType: name,
      paths,
    });
  }
}

/** What a publisher gets back, with the warnings of its drafts. */
export function withWarnings(events: PublishedEvent[], drafts: EventDraft[]): PublishedEvent[] {
  if (!drafts.some(({ warnings }) => warnings)) return events;
  return events.map((event, index) => {
    const warnings = drafts[index]?.warnings;
    return warnings ? { ...event, warnings } : event;
  });
}

/** The drafts that there is something to look at, those of one version of a type together. */
function bySchema(drafts: EventDraft[], { types }: Routes): Ruled[][] {
  const groups = new Map<string, Ruled[]>();
  for (const draft of drafts) {
    const rule = types.ruleOf(draft.type, draft.version);
    if (!rule) continue;
    const key = `${rule.version ?? ''} ${draft.type}`;
    const group = groups.get(key);
    if (group) group.push({ draft, rule });
    else groups.set(key, [{ draft, rule }]);
  }
  return [...groups.values()];
}

function issuesOf(result: DataResult, { at }: EventDraft, rule: TypeRule): Issue[] {
  const name = rule.version === undefined ? rule.name : `${rule.name}, version ${rule.version},`;
  const path = at === '' ? 'data' : `${at}.data`;
  if (result.kind === 'fits') return [];
  if (result.kind === 'differs')
    return result.differences.map(({ place, why }) => ({
      path: path + place,
      code: 'schema_mismatch',
      message: `The schema of ${name} says: ${why}.`,
    }));
  if (result.kind === 'not_tried') return [{ path, code: 'schema_unusable', message: NOT_TRIED }];
  const message =
    result.kind === 'unusable'
      ? `The schema of ${name} cannot be used, so nothing can be compared with it: ${result.why}. Correct the schema.`
      : `Comparing the data with the schema of ${name} takes more than a second, or too much memory. Make ` +
        'the schema simpler.';
  return [{ path, code: 'schema_unusable', message }];
}

function deprecation({ at }: EventDraft, { name, deprecated, replacedBy }: TypeRule): Issue[] {
  if (!deprecated) return [];
  const hint = replacedBy === null ? '' : ` Use ${replacedBy}.`;
  return [
    {
      path: at === '' ? 'type' : `${at}.type`,
      code: 'deprecated_event_type',
      message: `${name} is deprecated.${hint}`,
    },
  ];
}
