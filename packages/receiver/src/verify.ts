import { equal, toBytes, utf8, type Bytes } from './bytes.js';
import { RejectedWebhook } from './errors.js';
import type { Facts, HeadersLike, Incoming, Proof } from './proof.js';

/** A webhook whose origin is proven. */
export interface WebhookEvent<Data = unknown> extends Facts {
  data: Data;
  /** The body as JSON; undefined when it is none. */
  body: unknown;
  /** The body as it came. */
  rawBody: Uint8Array;
}

type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const HMAC = { name: 'HMAC', hash: 'SHA-256' };

/** The secrets of one endpoint. */
export class Verifier {
  private readonly keys: Bytes[];
  private imported: Promise<Key[]> | undefined;

  constructor(
    private readonly proof: Proof,
    secrets: readonly string[],
    private readonly toleranceMs: number,
    private readonly now: () => number,
  ) {
    if (secrets.length === 0) throw new TypeError('`secrets` is empty: give the secret of the subscription.');
    this.keys = secrets.map((secret, n) => {
      const key = proof.keyOf(secret);
      if (!key) throw new TypeError(`Secret ${n + 1} is not of the form ${proof.form}.`);
      return key;
    });
  }

  /** @throws {RejectedWebhook} unless the request is genuine and fresh */
  async verify(body: string | ArrayBuffer | ArrayBufferView, headers: HeadersLike): Promise<WebhookEvent> {
    const bytes = toBytes(body);
    const incoming: Incoming = { header: headerReader(headers), body: bytes, json: parse(bytes) };
    const attemptedAt = this.proof.attemptedAt(incoming);
    if (attemptedAt !== null && Math.abs(this.now() - attemptedAt) > this.toleranceMs) {
      throw new RejectedWebhook(
        'expired',
        `The request is more than ${this.toleranceMs / 1000} s old, or not yet due.`,
      );
    }
    if (!(await this.isGenuine(incoming)))
      throw new RejectedWebhook('forged', 'No secret fits this request.');
    return {
      ...this.proof.read(incoming),
      attemptedAt: attemptedAt === null ? null : new Date(attemptedAt),
      body: incoming.json,
      rawBody: bytes,
    };
  }

  private async isGenuine(incoming: Incoming): Promise<boolean> {
    const presented = this.proof.presented(incoming);
    if ('secret' in presented) {
      // Digests have one length, so not even that of the secret shows.
      const given = await digest(utf8(presented.secret));
      const ours = await Promise.all(this.keys.map(digest));
      return ours.map((key) => equal(key, given)).includes(true);
    }
    const keys = await this.hmacKeys();
    const expected = await Promise.all(keys.map((key) => crypto.subtle.sign('HMAC', key, presented.signed)));
    const fits = expected.flatMap((mac) =>
      presented.signatures.map((given) => equal(new Uint8Array(mac), given)),
    );
    return fits.includes(true);
  }

  private hmacKeys(): Promise<Key[]> {
    this.imported ??= Promise.all(
      this.keys.map((key) => crypto.subtle.importKey('raw', key, HMAC, false, ['sign'])),
    );
    return this.imported;
  }
}

const digest = async (bytes: Bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

function headerReader(headers: HeadersLike): (name: string) => string | null {
  if (headers instanceof Headers) return (name) => headers.get(name);
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return (name) => {
    const value = byName.get(name);
    if (typeof value === 'string') return value;
    return value?.length === 1 ? (value[0] ?? null) : null;
  };
}

function parse(bytes: Bytes): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
