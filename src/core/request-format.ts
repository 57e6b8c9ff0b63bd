import type { Issue } from './errors.js';

/** What a request's body is made of. The last three are for the incoming webhooks of these products. */
export const BODY_FORMATS = ['envelope', 'data', 'template', 'slack', 'teams', 'discord'] as const;
export type BodyFormat = (typeof BODY_FORMATS)[number];

export const CONTENT_TYPES = ['json', 'form'] as const;
export type ContentType = (typeof CONTENT_TYPES)[number];

export const METHODS = ['POST', 'PUT', 'PATCH'] as const;
export type Method = (typeof METHODS)[number];

/** How a subscription's requests look. Subscriptions with the usual form have none. */
export interface RequestFormat {
  body: BodyFormat;
  /** A JSONata expression, with the format `template`. */
  template: string | null;
  contentType: ContentType;
  method: Method;
}

export const USUAL_FORMAT: Readonly<RequestFormat> = {
  body: 'envelope',
  template: null,
  contentType: 'json',
  method: 'POST',
};

/** Characters of a template. */
export const MAX_TEMPLATE = 16_384;

/** A request's format as people give it; absent: as it is. */
export interface FormatInput {
  body?: { format: BodyFormat; template?: string } | null | undefined;
  contentType?: ContentType | undefined;
  method?: Method | undefined;
}

/** Whether the input says anything about the format. */
export function changesFormat({ body, contentType, method }: FormatInput): boolean {
  return body !== undefined || contentType !== undefined || method !== undefined;
}

/** The format after a change; null: the usual one. */
export function formatAfter(before: RequestFormat | null, input: FormatInput): RequestFormat | null {
  const { body, contentType, method } = input;
  const was = before ?? USUAL_FORMAT;
  const after: RequestFormat = {
    body: body === undefined ? was.body : (body?.format ?? 'envelope'),
    template: body === undefined ? was.template : (body?.template ?? null),
    contentType: contentType ?? was.contentType,
    method: method ?? was.method,
  };
  const isUsual = (Object.keys(after) as (keyof RequestFormat)[]).every(
    (field) => after[field] === USUAL_FORMAT[field],
  );
  return isUsual ? null : after;
}

/** What is wrong with a format that is otherwise of the right shape. */
export function checkFormat({ body, template, contentType }: RequestFormat): Issue[] {
  if (body === 'template' && (template ?? '').trim() === '') {
    const message =
      'Is required with the format "template": a JSONata expression such as {"text": data.name}.';
    return [{ path: 'body.template', code: 'required', message }];
  }
  if (body !== 'template' && template !== null) {
    const message = `Remove it, or use the format "template": the format "${body}" has no template.`;
    return [{ path: 'body.template', code: 'not_allowed', message }];
  }
  if (contentType === 'form' && (body === 'slack' || body === 'teams' || body === 'discord')) {
    const message = `The format "${body}" is always JSON. Remove contentType.`;
    return [{ path: 'contentType', code: 'not_allowed', message }];
  }
  return [];
}
