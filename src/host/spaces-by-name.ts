import { Injectable } from '@nestjs/common';
import { NotFound } from '../core/errors.js';
import { Cursors } from '../http/cursor.js';
import { SpaceLookup } from '../spaces/space-lookup.js';
import type { SpaceRef } from '../spaces/space-ref.js';

/** How callers name a space: by its uid or `spc_` id, or by what `SpacesService` gives. */
export type SpaceName = string | SpaceRef;

/** Finds the space that a caller names, and where its lists go on. */
@Injectable()
export class SpacesByName {
  constructor(
    private readonly lookup: SpaceLookup,
    /** Where lists go on. */
    readonly cursors: Cursors,
  ) {}

  /** Throws NotFound. */
  async find(name: SpaceName): Promise<SpaceRef> {
    if (typeof name !== 'string') return name;
    const space = await this.lookup.find(name);
    if (!space) throw new NotFound(`space "${name}"`);
    return space;
  }
}
