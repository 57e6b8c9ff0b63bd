/** The event every scenario publishes: a lead of about 400 bytes, which is what a product's webhook weighs. */
export const EVENT_TYPE = 'lead.create';

/** Events go round these lanes; a subscription may filter on its own. */
export const LANES = 50;

/** @param sentAt when it was meant to be sent, `monotonicMs()` */
export function eventData(n: number, sentAt: number): string {
  return `{"id":"${n}","sentAt":${sentAt.toFixed(3)},"lane":${n % LANES},${REST}`;
}

/** The body of a publish request for one event. */
export function eventText(n: number, sentAt: number): string {
  return `{"type":"${EVENT_TYPE}","data":${eventData(n, sentAt)}}`;
}

/** What the engine sends for it, byte for byte as long: the body of the bare loop. */
export function wireBody(n: number, sentAt: number): string {
  return `{"type":"${EVENT_TYPE}","timestamp":"2031-05-10T12:34:56.789Z","data":${eventData(n, sentAt)}}`;
}

const REST =
  '"email":"ada.lovelace@analytical-engines.example","first_name":"Ada","last_name":"Lovelace",' +
  '"company":"Analytical Engines Ltd","company_role":"Head of Research","city":"London","timezone":"Europe/London",' +
  '"phone":null,"website_url":"https://analytical-engines.example","linkedin_url":null,"contract_value":12500.0,' +
  '"is_tracked":true,"created_at":"2031-05-10T12:34:56.789Z"}';
