import { Injectable } from '@nestjs/common';
import { BroadcastInput, type BroadcastView } from '../broadcasts/broadcast.dto.js';
import { toBroadcastView } from '../broadcasts/broadcasts.controller.js';
import { BroadcastsService } from '../broadcasts/broadcasts.service.js';
import type { TypedEvent } from '../events/event-map.js';
import { Cursors } from '../http/cursor.js';
import { KnownErrors } from '../http/known-errors.js';
import { ListQuery, page, type Page } from '../http/list.dto.js';
import { checked, startOf } from './checked-input.js';

const CONTEXT = 'broadcasts';

/** What to publish, and in which spaces. */
export interface NewBroadcast {
  /** Its `id` makes the call repeatable, as `idempotencyKey` does. */
  event: TypedEvent;
  /** Only spaces with this tag; absent: all. */
  tag?: string;
  idempotencyKey?: string;
}

/** Events for many spaces, which a process that delivers publishes by and by. */
@Injectable()
@KnownErrors()
export class WebhookBroadcasts {
  constructor(
    private readonly broadcasts: BroadcastsService,
    private readonly cursors: Cursors,
  ) {}

  /** Throws Invalid, and Conflict for an id or key of another broadcast, or while ten are under way. */
  async start({ idempotencyKey, ...what }: NewBroadcast): Promise<BroadcastView> {
    // As for HTTP clients: what is stored is JSON.
    const text = JSON.stringify(what.event);
    const { tag } = await checked(BroadcastInput, { ...what } as Partial<BroadcastInput>);
    const input = { event: JSON.parse(text) as unknown, text, tag, idempotencyKey };
    return toBroadcastView((await this.broadcasts.start(input, undefined)).broadcast);
  }

  /** A page of broadcasts, newest first. Throws Invalid, and BadRequest for another list's cursor. */
  async list(query: Partial<ListQuery> = {}): Promise<Page<BroadcastView>> {
    const form = await checked(ListQuery, query);
    const after = startOf(this.cursors, CONTEXT, form);
    const rows = await this.broadcasts.list({ after, order: form.order, limit: form.limit + 1 });
    return page(rows, form, this.cursors, CONTEXT, toBroadcastView);
  }

  /** One broadcast, by its `brd_` id. Throws NotFound. */
  async get(broadcast: string): Promise<BroadcastView> {
    return toBroadcastView(await this.broadcasts.find(broadcast));
  }

  /** Stops a broadcast; what it published stays. Throws NotFound, and Conflict when it is finished. */
  async cancel(broadcast: string): Promise<BroadcastView> {
    return toBroadcastView(await this.broadcasts.cancel(broadcast, undefined));
  }
}
