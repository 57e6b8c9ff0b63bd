import { fromBase64, fromHex, join, utf8, type Bytes } from './bytes.js';
import { RejectedWebhook } from './errors.js';
import type { Incoming, Proof } from './proof.js';

type Fields = Record<string, unknown>;

const fieldsOf = ({ json }: Incoming): Fields =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Fields) : {};
const textOrNull = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);

function timeOf(value: unknown): Date | null {
  const at = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? null : new Date(at);
}

function required({ header }: Incoming, name: string): string {
  const value = header(name);
  if (value === null || value === '') {
    throw new RejectedWebhook('missing_header', `The request has no header ${name}, or several.`);
  }
  return value;
}

/** Unix seconds as milliseconds. */
function seconds(incoming: Incoming, name: string): number {
  const text = required(incoming, name);
  if (!/^\d{1,12}$/.test(text)) throw new RejectedWebhook('malformed', `${name} is not a time in seconds.`);
  return Number(text) * 1000;
}

/** Standard Webhooks 1.0. While a secret is exchanged, a request has a signature of each. */
const standard: Proof = {
  keyOf: (secret) => {
    const key = fromBase64(secret.replace(/^whsec_/, ''));
    return key && key.length > 0 ? key : null;
  },
  form: '"whsec_" and base64',
  presented: (incoming) => {
    const id = required(incoming, 'webhook-id');
    const prefix = `${id}.${required(incoming, 'webhook-timestamp')}.`;
    const signatures = required(incoming, 'webhook-signature')
      .split(' ')
      .filter((entry) => entry.startsWith('v1,'))
      .map((entry) => fromBase64(entry.slice('v1,'.length)))
      .filter((bytes) => bytes !== null);
    return { signed: join(utf8(prefix), incoming.body), signatures };
  },
  attemptedAt: (incoming) => seconds(incoming, 'webhook-timestamp'),
  read: (incoming) => {
    const { type, timestamp, data } = fieldsOf(incoming);
    const enveloped = typeof type === 'string' && data !== undefined;
    return {
      id: incoming.header('webhook-id'),
      type: enveloped ? type : null,
      occurredAt: enveloped ? timeOf(timestamp) : null,
      data: enveloped ? data : incoming.json,
    };
  },
};

/** `sha256=<hex>` in a header. The text of the secret is the key. */
const hexSignature = (
  name: string,
  signed: (incoming: Incoming) => Bytes,
): Pick<Proof, 'keyOf' | 'form' | 'presented'> => ({
  keyOf: (secret) => (secret === '' ? null : utf8(secret)),
  form: 'the text of the secret',
  presented: (incoming) => {
    const signature = fromHex(required(incoming, name).replace(/^sha256=/, ''));
    return { signed: signed(incoming), signatures: signature ? [signature] : [] };
  },
});

const leadlex: Proof = {
  ...hexSignature('x-leadlex-signature', ({ body }) => body),
  attemptedAt: (incoming) => {
    const at = Date.parse(required(incoming, 'x-leadlex-timestamp'));
    if (Number.isNaN(at)) throw new RejectedWebhook('malformed', 'x-leadlex-timestamp is not a time.');
    return at;
  },
  read: (incoming) => {
    const { event, timestamp, data } = fieldsOf(incoming);
    const id = incoming.header('x-leadlex-delivery-id');
    return { id, type: textOrNull(event), occurredAt: timeOf(timestamp), data };
  },
};

const smartlead: Proof = {
  ...hexSignature('x-smartlead-signature', ({ body }) => body),
  attemptedAt: () => null,
  read: (incoming) => {
    const body = fieldsOf(incoming);
    const occurredAt = timeOf(body.event_timestamp) ?? timeOf(body.time_sent);
    return { id: incoming.header('x-request-id'), type: textOrNull(body.event_type), occurredAt, data: body };
  },
};

const breakcoldV2: Proof = {
  ...hexSignature('x-webhook-signature', (incoming) =>
    join(utf8(`${required(incoming, 'x-webhook-timestamp')}.`), incoming.body),
  ),
  attemptedAt: (incoming) => seconds(incoming, 'x-webhook-timestamp'),
  read: (incoming) => {
    const { eventId, event, timestamp, data } = fieldsOf(incoming);
    return { id: textOrNull(eventId), type: textOrNull(event), occurredAt: timeOf(timestamp), data };
  },
};

/** The secret itself stands in the body. It is as safe as the connection. */
const secretInBody: Pick<Proof, 'keyOf' | 'form' | 'presented' | 'attemptedAt'> = {
  keyOf: (secret) => (secret === '' ? null : utf8(secret)),
  form: 'the text of the secret',
  presented: (incoming) => {
    const { secret } = fieldsOf(incoming);
    if (typeof secret !== 'string') throw new RejectedWebhook('forged', 'The body has no secret.');
    return { secret };
  },
  attemptedAt: () => null,
};

const lemlist: Proof = {
  ...secretInBody,
  read: (incoming) => {
    const { secret: _, ...activity } = fieldsOf(incoming);
    const type = textOrNull(activity.type);
    // The state of a lead and the activity behind it are two events of one id.
    const id = textOrNull(activity._id) && `${String(activity._id)}:${type ?? ''}`;
    return { id, type, occurredAt: timeOf(activity.createdAt), data: activity };
  },
};

/** It repeats nothing, so its requests have no id. */
const breakcold: Proof = {
  ...secretInBody,
  read: (incoming) => {
    const { event, payload } = fieldsOf(incoming);
    return { id: null, type: textOrNull(event), occurredAt: null, data: payload };
  },
};

/** By profile, as subscriptions name it. `native` follows Standard Webhooks, so it fits other senders, too. */
export const PROOFS = {
  native: standard,
  leadlex,
  smartlead,
  'breakcold-v2': breakcoldV2,
  breakcold,
  lemlist,
} as const satisfies Record<string, Proof>;

export type ProfileName = keyof typeof PROOFS;
