import type { TypedEvent } from '../../src/index.js';

/** The event of most tests. */
export const lead = (id: string): TypedEvent<'lead.create'> => ({ type: 'lead.create', data: { id } });
