declare const state: unique symbol;
type InState<State extends string> = string & { readonly [state]: State };

// A delivery's id in the states that hold a place of its endpoint's queue (drawn above class Dispatcher). Brands only:
// at run time they are plain strings, so that a state costs nothing.

/** It is being leased, or its lease is being confirmed. */
export type LeasingId = InState<'leasing'>;

/** Its attempt is being made or written. */
export type InFlightId = InState<'in flight'>;
