import { Injectable } from '@nestjs/common';
import { BodiesService } from '../bodies/bodies.service.js';
import type { Message } from '../bodies/message.js';
import type { ProfileName } from '../core/domain-types.js';
import { Invalid, Throttled } from '../core/errors.js';
import { compilePatterns } from '../core/event-pattern.js';
import { newUuid, publicId } from '../core/ids.js';
import type { RequestFormat } from '../core/request-format.js';
import { unknownTypeMessage } from '../core/unknown-type.js';
import { exampleSeen } from '../event-types/catalogue-entry.js';
import { EventTypesService } from '../event-types/event-types.service.js';
import { Clock } from '../lib/clock.js';
import { isoTime } from '../lib/iso-time.js';
import type { SpaceRef } from '../spaces/space-ref.js';

/** The versions that a subscription gets event types in, by name. */
type Pins = Readonly<Record<string, number>> | null | undefined;

/** What to try a format with: a type with its example, or other data. */
export interface Sample {
  type?: string | undefined;
  /** JSON text. */
  data?: string | undefined;
  pins?: Pins;
}

/** The subscription that a format is for. */
interface Reader {
  profile: ProfileName;
  events: string[];
  pins: Pins;
}

/** Tries request formats with examples of events, before anything is sent. */
@Injectable()
export class BodyTrialService {
  constructor(
    private readonly eventTypes: EventTypesService,
    private readonly bodies: BodiesService,
    private readonly clock: Clock,
  ) {}

  /**
   * Throws Invalid when a template cannot be compiled, or has no value for the example of the first event type that the
   * subscription wants, or of the first that it names a version of.
   */
  async check(space: SpaceRef, format: RequestFormat, { profile, events, pins }: Reader): Promise<void> {
    if (format.body !== 'template') return;
    const wants = compilePatterns(events);
    const wanted = (await this.eventTypes.knownTo(space, profile)).filter(({ name }) => wants(name));
    const pinned = wanted.find(({ name }) => pinOf(pins, name) !== undefined);
    for (const entry of new Set([wanted[0], pinned])) {
      if (!entry) continue;
      const sample = exampleSeen(entry, pinOf(pins, entry.name));
      await this.render(space, format, this.messageOf(entry.name, sample));
    }
    const problem = await this.bodies.problemOf(space.id, format.template ?? '');
    if (problem !== null) throw invalid(problem, '');
  }

  /** The body for a sample; without a type, for the first of the catalogue. Throws Invalid. */
  async try(
    space: SpaceRef,
    format: RequestFormat,
    { type, data, pins }: Sample,
  ): Promise<{ message: Message; body: Buffer }> {
    const catalogue = await this.eventTypes.knownTo(space, 'native');
    const chosen = catalogue.find(({ name }) => type === undefined || name === type);
    if (!chosen) {
      const names = catalogue.map(({ name }) => name);
      const message = unknownTypeMessage(type ?? '', names);
      throw new Invalid([{ path: 'type', code: 'unknown_event_type', message }]);
    }
    const seen = exampleSeen(chosen, pinOf(pins, chosen.name));
    const message = this.messageOf(chosen.name, seen, data);
    return { message, body: await this.render(space, format, message) };
  }

  private async render(space: SpaceRef, format: RequestFormat, message: Message): Promise<Buffer> {
    const rendered = await this.bodies.render(space.id, format, message);
    if ('body' in rendered) return rendered.body;
    if (rendered.busy) throw new Throttled(`${rendered.error}. Repeat this in a second.`, 1);
    throw invalid(rendered.error, ` It was tried with the type "${message.type}".`);
  }

  private messageOf(
    type: string,
    { example, version }: { example: object | null; version?: number },
    data = JSON.stringify(example ?? {}),
  ): Message {
    const now = this.clock.date();
    const timestamp = isoTime(now);
    const envelope = Buffer.from(
      `{"type":${JSON.stringify(type)},"timestamp":"${timestamp}","data":${data}}`,
    );
    const message = { id: publicId('evt', newUuid(now.getTime())), type, timestamp, data, envelope };
    return version === undefined ? message : { ...message, version };
  }
}

function pinOf(pins: Pins, name: string): number | undefined {
  return pins && Object.hasOwn(pins, name) ? pins[name] : undefined;
}

function invalid(error: string, context: string): Invalid {
  const message = `${error}.${context} POST …/preview shows what a body comes to.`;
  return new Invalid([{ path: 'body.template', code: 'template_failed', message }]);
}
