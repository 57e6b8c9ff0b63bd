import { convertedDown } from '../core/type-versions.js';
import type { Route, Routes } from '../endpoints/routing.js';
import type { TranslatableEvent } from '../profiles/translate.js';

/** What a filter looks at of an event that cannot be converted: everything passes, so that the failure is seen. */
export const UNCONVERTED = Symbol('unconverted');

type SeenEvent = Pick<TranslatableEvent, 'type' | 'version'>;

/** Parsed data of an event as subscriptions see it: converted for those that are pinned to an older version. */
export class SeenData {
  /** By version; most events need none. */
  private converted: Map<number, unknown> | null = null;

  constructor(
    private readonly event: SeenEvent,
    private readonly data: unknown,
    private readonly routes: Pick<Routes, 'types'>,
  ) {}

  /** Converted only where a filter looks at it. */
  by({ versions, filter }: Pick<Route, 'versions' | 'filter'>): unknown {
    const { data } = this;
    const { type, version = 1 } = this.event;
    if (version === 1 || versions === null || filter === null) return data;
    const pin = Object.hasOwn(versions, type) ? versions[type] : undefined;
    return pin === undefined || pin >= version ? data : this.in(pin);
  }

  /** In an older version; `UNCONVERTED` where that is not possible. */
  in(pin: number): unknown {
    const { type, version = 1 } = this.event;
    this.converted ??= new Map();
    if (this.converted.has(pin)) return this.converted.get(pin);
    const found = convertedDown(this.routes.types.versionsOf(type) ?? {}, this.data, version, pin);
    const seen = found ? found.data : UNCONVERTED;
    this.converted.set(pin, seen);
    return seen;
  }
}
