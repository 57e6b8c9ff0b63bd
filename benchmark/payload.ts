import { createHash } from 'node:crypto';

/** The event every scenario publishes: a lead of about 400 bytes, which is what a product's webhook weighs. */
export const EVENT_TYPE = 'lead.create';

/** Events are spread over so many endpoints: each subscription may filter for its own number. */
export const ENDPOINTS = 50;

/**
 * @param sentAt when it was meant to be sent, `monotonicMs()`
 * @param bytes about how long it is; as long as a lead unless given
 */
export function eventData(n: number, sentAt: number, bytes = 0): string {
  const own = `{"id":"${n}","sentAt":${sentAt.toFixed(3)},"endpoint":${n % ENDPOINTS},`;
  return bytes === 0 ? own + REST : `${own}"items":[${itemsOf(bytes)}],${REST}`;
}

/** The body of a publish request for one event. */
export function eventText(n: number, sentAt: number, bytes = 0): string {
  return `{"type":"${EVENT_TYPE}","data":${eventData(n, sentAt, bytes)}}`;
}

/** What the engine sends for it, byte for byte as long: the body of the bare loop. */
export function wireBody(n: number, sentAt: number, bytes = 0): string {
  const data = eventData(n, sentAt, bytes);
  return `{"type":"${EVENT_TYPE}","timestamp":"2031-05-10T12:34:56.789Z","data":${data}}`;
}

const items = new Map<number, string>();

/** Rows of an export, made once: hashes do not compress, names do. */
function itemsOf(bytes: number): string {
  let text = items.get(bytes);
  if (text !== undefined) return text;
  const rows: string[] = [];
  for (let length = REST.length; length < bytes; length += (rows.at(-1)?.length ?? 0) + 1) {
    const hash = createHash('sha1').update(`${rows.length}`).digest('hex');
    rows.push(`{"id":"${hash}","email":"person-${rows.length}@example.com","score":${rows.length % 97}}`);
  }
  items.set(bytes, (text = rows.join(',')));
  return text;
}

const REST =
  '"email":"ada.lovelace@analytical-engines.example","first_name":"Ada","last_name":"Lovelace",' +
  '"company":"Analytical Engines Ltd","company_role":"Head of Research","city":"London","timezone":"Europe/London",' +
  '"phone":null,"website_url":"https://analytical-engines.example","linkedin_url":null,"contract_value":12500.0,' +
  '"is_tracked":true,"created_at":"2031-05-10T12:34:56.789Z"}';
