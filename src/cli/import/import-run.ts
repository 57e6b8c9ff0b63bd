import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../client.js';
import { CliFailure } from '../cli-failure.js';
import {
  secretOf,
  type ImportEndpoint,
  type ImportEventType,
  type ImportItem,
  type ImportSignature,
} from './import-plan.js';
import type { RequestThrottle } from './source-client.js';

/** What became of one thing. */
export interface ImportResult {
  kind: 'space' | 'subscription' | 'event type';
  /** Its uid, or name. */
  what: string;
  /** `exists`: it is there already, and was left as it is. */
  outcome: 'created' | 'exists' | 'skipped';
  reason?: string;
  notes?: string[];
}

const WAITS = 5;
/** The style on the command line that means Standard Webhooks alone. */
const STANDARD = 'standard';
const CONFLICT = 409;

/** Writes into Posthorn, one thing after the other; the same again changes nothing. */
export class ImportRun {
  /** Spaces that a dry run would make. */
  private readonly planned = new Set<string>();
  private readonly refused = new Set<string>();
  private readonly types = new Set<string>();

  constructor(
    private readonly client: Client,
    private readonly throttle: RequestThrottle,
    private readonly isDryRun: boolean,
    private readonly chosen: Partial<ImportSignature> = {},
  ) {}

  async importOne(item: ImportItem): Promise<ImportResult> {
    switch (item.kind) {
      case 'bad':
        return { kind: 'subscription', what: item.what, outcome: 'skipped', reason: item.reason };
      case 'space':
        return this.orSkipped('space', item.space.uid, async () => {
          const { uid, ...space } = item.space;
          const made = await this.make(`/v1/spaces/${uid}`, 'POST', '/v1/spaces', { uid, ...space });
          if (made === 'created' && this.isDryRun) this.planned.add(uid);
          return { outcome: made };
        });
      case 'type':
        return this.orSkipped('event type', item.type.name, () => this.takeType(item.type));
      case 'endpoint':
        return this.orSkipped('subscription', item.endpoint.uid, () => this.takeEndpoint(item.endpoint));
    }
  }

  /** Defines the event types that a subscription names and nobody has defined. Gives their names. */
  private async defineMissing(events: string[]): Promise<string[]> {
    const missing: string[] = [];
    for (const name of events) {
      if (name.includes('*') || this.types.has(name)) continue;
      if ((await this.takeType({ name })).outcome === 'created') missing.push(name);
    }
    return missing;
  }

  private async takeType({ name, description, schema, isDeprecated }: ImportEventType) {
    const path = `/v1/event-types/${encodeURIComponent(name)}`;
    const body = {
      ...(description && { description: description.slice(0, 500) }),
      ...(schema && { schema }),
      ...(isDeprecated && { deprecated: true }),
    };
    const outcome = await this.make(path, 'PUT', path, body);
    this.types.add(name);
    return { outcome };
  }

  private async takeEndpoint(
    endpoint: ImportEndpoint,
  ): Promise<Partial<ImportResult> & Pick<ImportResult, 'outcome'>> {
    const { space, uid, secret, isPaused, rate, timeoutMs, isBareData, notes = [], ...rest } = endpoint;
    const { signature: found, isTextSecret = false, ...fields } = rest;
    const signature = this.signatureOf(found);
    if (this.refused.has(space)) return { outcome: 'skipped', reason: `Its space ${space} was not created.` };
    const isText = isTextSecret && signature !== null;
    const known = secret === undefined ? undefined : secretOf(secret, isText, signature?.hash);
    if (known === null)
      return {
        outcome: 'skipped',
        reason:
          'Its secret is shorter than 24 bytes, or too long for its hash. Remove the secret and import it again: ' +
          'it gets a new one, which the receiver needs.',
      };
    const path = `/v1/spaces/${space}/subscriptions/${uid}`;
    const body = {
      ...fields,
      ...(known !== undefined && { secret: known.secret }),
      ...(isPaused && { status: 'paused' }),
      ...(isBareData && { body: { format: 'data' } }),
      ...(signature && { profileOptions: { signature } }),
      ...(rate && { rateLimit: { perSecond: Math.min(rate, 10_000) } }),
      ...(timeoutMs && { timeoutMs: Math.min(Math.max(timeoutMs, 1_000), 60_000) }),
    };
    const defined = await this.defineMissing(fields.events ?? []);
    const all = [
      ...notes,
      ...(known === undefined ? ['It gets a new secret: give it to the receiver.'] : []),
      ...(known?.isHashed
        ? ['Its secret is longer than 64 bytes. Its SHA-256 is stored, which makes the same signatures.']
        : []),
      ...(defined.length > 0
        ? [`These event types were not in the catalogue and are defined now: ${defined.join(', ')}.`]
        : []),
    ];
    return { outcome: await this.make(path, 'PUT', path, body), notes: all };
  }

  /** What was chosen on the command line goes before what the other system says. */
  private signatureOf(found: ImportSignature | undefined): ImportSignature | null {
    const { style, ...rest } = { ...found, ...this.chosen };
    return style === undefined || style === STANDARD ? null : { style, ...rest };
  }

  /** Looks whether it is there, and makes it if not. */
  private async make(
    look: string,
    method: string,
    path: string,
    body: object,
  ): Promise<'created' | 'exists'> {
    const space = /^\/v1\/spaces\/([^/]+)\//.exec(look)?.[1];
    const isThere = space !== undefined && this.planned.has(space) ? false : await this.exists(look);
    if (isThere) return 'exists';
    if (!this.isDryRun) await this.call(method, path, body);
    return 'created';
  }

  private async exists(path: string): Promise<boolean> {
    try {
      await this.call('GET', path);
      return true;
    } catch (error) {
      if (error instanceof CliFailure && error.status === 404) return false;
      throw error;
    }
  }

  private async call(method: string, path: string, body?: object): Promise<void> {
    for (let waited = 0; ; waited += 1) {
      await this.throttle.wait();
      try {
        await this.client.call(method, path, body);
        return;
      } catch (error) {
        if (!(error instanceof CliFailure) || error.retryAfterSeconds === undefined || waited === WAITS)
          throw error;
        await sleep(error.retryAfterSeconds * 1_000);
      }
    }
  }

  /** What Posthorn refuses is skipped; without a server, or with a wrong key, nothing goes on. */
  private async orSkipped(
    kind: ImportResult['kind'],
    what: string,
    work: () => Promise<Partial<ImportResult> & Pick<ImportResult, 'outcome'>>,
  ): Promise<ImportResult> {
    try {
      return { kind, what, ...(await work()) };
    } catch (error) {
      const isRefusal =
        error instanceof CliFailure && [400, 404, CONFLICT, 413, 422].includes(error.status ?? 0);
      if (!isRefusal) throw error;
      if (kind === 'space') this.refused.add(what);
      return { kind, what, outcome: 'skipped', reason: error.lines.map((line) => line.trim()).join(' ') };
    }
  }
}
