/** Who makes a change. */
export interface Actor {
  /** `application`: code of a NestJS application that has Posthorn as a module. */
  kind: 'admin' | 'key' | 'portal_link' | 'application' | 'person';
  /** The key's `key_` id, the link's `lnk_` id, or the person's `usr_` id. */
  id: string | null;
  /** The key's name. A person's is not kept here: it is theirs to have erased. */
  name: string | null;
}

/** By which way it came. `cli` and `dashboard` are what the client says of itself. */
export type Via = 'api' | 'cli' | 'dashboard' | 'provider_api' | 'application';

/** Where a change comes from. */
export interface Origin {
  actor: Actor;
  via: Via;
  /** The client's address, as `POSTHORN_TRUST_PROXY` lets it be known. */
  ip: string | null;
  userAgent: string | null;
  requestId: string | null;
}

/** A change that no request asked for. */
export const APPLICATION: Origin = {
  actor: { kind: 'application', id: null, name: null },
  via: 'application',
  ip: null,
  userAgent: null,
  requestId: null,
};
