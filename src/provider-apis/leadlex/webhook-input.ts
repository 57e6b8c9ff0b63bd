import { Invalid, type Issue } from '../../core/errors.js';
import { leadlexCatalogue } from '../../profiles/leadlex/catalogue.js';
import { isJsonObject } from '../../lib/is-json-object.js';

/** What a request says about a webhook. What it leaves out is absent. */
export interface WebhookInput {
  url?: string;
  events?: string[];
  description?: string | null;
  active?: boolean;
}

const NAMES = new Set<unknown>(leadlexCatalogue.map(({ name }) => name));
const MAX_DESCRIPTION = 200;

/** Throws Invalid. Fields nobody knows are passed over: their pages do not say that they are refused. */
export function readNewWebhook(body: unknown): WebhookInput & { url: string; events: string[] } {
  const { url, events, ...rest } = readWebhook(body);
  const missing: Issue[] = [];
  if (url === undefined) missing.push(required('url'));
  if (events === undefined) missing.push(required('events'));
  if (url === undefined || events === undefined) throw new Invalid(missing);
  return { url, events, ...rest };
}

/** Throws Invalid. */
export function readWebhook(body: unknown): WebhookInput {
  if (!isJsonObject(body)) {
    throw new Invalid([{ path: 'body', code: 'type', message: 'Send a JSON object.' }]);
  }
  const { url, events, description, active } = body;
  const issues: Issue[] = [];
  if (url !== undefined && typeof url !== 'string') issues.push(wrong('url', 'Use a text.'));
  if (events !== undefined && !isEventList(events))
    issues.push(
      wrong('events', 'Name at least one event of the catalogue: GET /leadlex/v1/events lists them.'),
    );
  if (!isDescription(description))
    issues.push(wrong('description', `Use a text of at most ${MAX_DESCRIPTION} characters, or null.`));
  if (active !== undefined && typeof active !== 'boolean') issues.push(wrong('active', 'Use true or false.'));
  if (issues.length > 0) throw new Invalid(issues);
  const given = {
    url,
    events: Array.isArray(events) ? [...new Set(events)] : undefined,
    description,
    active,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function isDescription(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'string' && value.length <= MAX_DESCRIPTION;
}

function isEventList(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((name) => NAMES.has(name));
}

function wrong(path: string, message: string): Issue {
  return { path, code: 'invalid', message };
}

function required(path: string): Issue {
  return { path, code: 'required', message: 'Is required.' };
}
