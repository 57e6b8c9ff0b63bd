import type { Schemas } from '../api/client.js';
import type { Subscription } from './subscriptions.js';

type Wire = Schemas['NewSubscription'];
export type BodyFormat = NonNullable<Wire['body']>['format'];

/** The form of a request, as the form has it. */
export interface RequestDraft {
  format: BodyFormat;
  /** Kept while another format is chosen. */
  template: string;
  contentType: NonNullable<Wire['contentType']>;
  method: NonNullable<Wire['method']>;
}

export const USUAL_REQUEST: RequestDraft = {
  format: 'envelope',
  template: '',
  contentType: 'json',
  method: 'POST',
};

export function requestDraftOf({ body, contentType, method }: Subscription): RequestDraft {
  return { format: body.format, template: body.template ?? '', contentType, method };
}

/** Chat messages are always JSON. */
export function canBeForm({ format }: RequestDraft): boolean {
  return format === 'envelope' || format === 'data' || format === 'template';
}

/** What the API is given. */
export function requestOf(draft: RequestDraft): Pick<Wire, 'body' | 'contentType' | 'method'> {
  const { format, template, contentType, method } = draft;
  return {
    body: format === 'template' ? { format, template } : { format },
    contentType: canBeForm(draft) ? contentType : 'json',
    method,
  };
}

/** Only what differs: requests of other profiles have no form to choose. */
export function requestChange(
  draft: RequestDraft,
  start: RequestDraft,
): ReturnType<typeof requestOf> | object {
  const wire = requestOf(draft);
  return JSON.stringify(wire) === JSON.stringify(requestOf(start)) ? {} : wire;
}
