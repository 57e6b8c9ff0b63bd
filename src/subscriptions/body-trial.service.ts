import { Injectable } from '@nestjs/common';
import { BodiesService } from '../bodies/bodies.service.js';
import type { Message } from '../bodies/message.js';
import type { ProfileName } from '../core/domain-types.js';
import { Invalid, Throttled } from '../core/errors.js';
import { compilePatterns } from '../core/event-pattern.js';
import { newUuid, publicId } from '../core/ids.js';
import type { RequestFormat } from '../core/request-format.js';
import { unknownTypeMessage } from '../core/unknown-type.js';
import { currentExample } from '../event-types/catalogue-entry.js';
import { EventTypesService } from '../event-types/event-types.service.js';
import { Clock } from '../lib/clock.js';
import { isoTime } from '../lib/iso-time.js';
import type { SpaceRef } from '../spaces/space-ref.js';

/** What to try a format with: a type with its example, or other data. */
export interface Sample {
  type?: string | undefined;
  data?: object | undefined;
}

/** Tries request formats with examples of events, before anything is sent. */
@Injectable()
export class BodyTrialService {
  constructor(
    private readonly eventTypes: EventTypesService,
    private readonly bodies: BodiesService,
    private readonly clock: Clock,
  ) {}

  /** Throws Invalid when a template cannot be compiled, or has no value for the example of the first of `events`. */
  async check(space: SpaceRef, profile: ProfileName, format: RequestFormat, events: string[]): Promise<void> {
    if (format.body !== 'template') return;
    const wants = compilePatterns(events);
    const chosen = (await this.eventTypes.knownTo(space, profile)).find(({ name }) => wants(name));
    if (chosen) await this.render(space, format, this.messageOf(chosen.name, currentExample(chosen)));
    const problem = await this.bodies.problemOf(space.id, format.template ?? '');
    if (problem !== null) throw invalid(problem, '');
  }

  /** The body for a sample; without a type, for the first of the catalogue. Throws Invalid. */
  async try(
    space: SpaceRef,
    format: RequestFormat,
    { type, data }: Sample,
  ): Promise<{ message: Message; body: Buffer }> {
    const catalogue = await this.eventTypes.knownTo(space, 'native');
    const chosen = catalogue.find(({ name }) => type === undefined || name === type);
    if (!chosen) {
      const names = catalogue.map(({ name }) => name);
      const message = unknownTypeMessage(type ?? '', names);
      throw new Invalid([{ path: 'type', code: 'unknown_event_type', message }]);
    }
    const message = this.messageOf(chosen.name, data ? { example: data } : currentExample(chosen));
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
  ): Message {
    const now = this.clock.date();
    const timestamp = isoTime(now);
    const data = JSON.stringify(example ?? {});
    const envelope = Buffer.from(
      `{"type":${JSON.stringify(type)},"timestamp":"${timestamp}","data":${data}}`,
    );
    const message = { id: publicId('evt', newUuid(now.getTime())), type, timestamp, data, envelope };
    return version === undefined ? message : { ...message, version };
  }
}

function invalid(error: string, context: string): Invalid {
  const message = `${error}.${context} POST …/preview shows what a body comes to.`;
  return new Invalid([{ path: 'body.template', code: 'template_failed', message }]);
}
