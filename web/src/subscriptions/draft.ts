import type { Schemas } from '../api/client.js';
import {
  credentialDraftOf,
  credentialsOf,
  NO_CREDENTIALS,
  type CredentialDraft,
} from './credential-draft.js';
import { conditionProblem, conditionsOf, filterOf, type Condition } from './filter-draft.js';
import { requestChange, requestDraftOf, USUAL_REQUEST, type RequestDraft } from './request-draft.js';
import { parseSchedule, spellSchedule } from './schedule-text.js';
import type { Subscription } from './subscriptions.js';

/** What is in the form. */
export interface Draft {
  /** Whether it is of a subscription that there is: a default is chosen only as one is made. */
  isStored: boolean;
  url: string;
  uid: string;
  description: string;
  events: string[];
  level: Subscription['scope']['level'];
  /** With the level `tags`, which the form leaves as it is. */
  tags: Subscription['scope']['tags'];
  clientId: string;
  campaignId: string;
  conditions: Condition[];
  headers: [name: string, value: string][];
  request: RequestDraft;
  /** The versions that it gets event types in; null: as they are published. */
  versions: Subscription['eventTypeVersions'];
  /** As it is stored. */
  storedRequest: RequestDraft;
  storedVersions: Subscription['eventTypeVersions'];
  passTraceparent: boolean;
  credentials: CredentialDraft;
  /** Empty: the operator's schedule. */
  schedule: string;
  /** Empty: the operator's number; 0: never. */
  pauseAfter: string;
  /** Empty: 0. */
  pauseAfterSeconds: string;
  /** Empty: the operator's, or the profile's. */
  onExhausted: '' | 'fail' | 'hold';
  /** Empty: the operator's, as for the count. */
  heldDays: string;
  heldMax: string;
  /** Empty: the profile's, as for the time limit. */
  recovery: '' | 'probe' | 'manual';
  timeoutSeconds: string;
  perSecond: string;
  /** Empty: the space's. */
  profile: string;
  /** What is set of the profile's own options. */
  options: Record<string, unknown>;
  /** Empty: generated, if the profile uses one. */
  secret: string;
}

export const EMPTY: Draft = {
  isStored: false,
  url: '',
  uid: '',
  description: '',
  events: ['*'],
  level: 'space',
  tags: undefined,
  clientId: '',
  campaignId: '',
  conditions: [],
  headers: [],
  request: USUAL_REQUEST,
  versions: null,
  storedRequest: USUAL_REQUEST,
  storedVersions: null,
  passTraceparent: false,
  credentials: NO_CREDENTIALS,
  schedule: '',
  pauseAfter: '',
  pauseAfterSeconds: '',
  onExhausted: '',
  heldDays: '',
  heldMax: '',
  recovery: '',
  timeoutSeconds: '',
  perSecond: '',
  profile: '',
  options: {},
  secret: '',
};

export function draftOf(one: Subscription): Draft {
  return {
    isStored: true,
    url: one.url,
    uid: one.uid ?? '',
    description: one.description ?? '',
    events: one.events,
    level: one.scope.level,
    tags: one.scope.tags,
    clientId: one.scope.clientId ?? '',
    campaignId: one.scope.campaignId ?? '',
    conditions: conditionsOf(one.filter),
    headers: Object.entries((one.headers ?? {}) as Record<string, string>),
    request: requestDraftOf(one),
    versions: one.eventTypeVersions,
    storedRequest: requestDraftOf(one),
    storedVersions: one.eventTypeVersions,
    passTraceparent: one.passTraceparent,
    credentials: credentialDraftOf(one),
    schedule: spellSchedule(one.retrySchedule) || 'none',
    pauseAfter: String(one.pauseAfter ?? 0),
    pauseAfterSeconds: String(one.pauseAfterSeconds),
    onExhausted: one.onExhausted,
    heldDays: String(one.heldDays ?? ''),
    heldMax: String(one.heldMax ?? ''),
    recovery: one.recovery,
    timeoutSeconds: String(one.timeoutMs / 1_000),
    perSecond: one.rateLimit ? String(one.rateLimit.perSecond) : '',
    profile: one.profile,
    options: one.profileOptions,
    secret: '',
  };
}

/** Fields that hold a number, and whether it may have a point. */
const NUMBERS = {
  pauseAfter: ['Pause after failures in a row', false],
  pauseAfterSeconds: ['…if they last at least, seconds', false],
  heldDays: ['Keep held deliveries for, days', false],
  heldMax: ['Maximum of held deliveries', false],
  timeoutSeconds: ['Timeout, seconds', true],
  perSecond: ['Requests per second', false],
} as const satisfies Partial<Record<keyof Draft, readonly [label: string, hasPoint: boolean]>>;

/** What is wrong with the form before the engine is asked; null when nothing is. */
export function problemOf(draft: Draft): string | null {
  if (scheduleOf(draft) === null)
    return 'The retry schedule is not understood. Write delays like “5 s, 30 s, 5 min”.';
  if (draft.events.length === 0) return 'Choose at least one event.';
  return numberProblem(draft) ?? (draft.isStored ? missingIn(draft) : null) ?? listProblem(draft);
}

function numberProblem(draft: Draft): string | null {
  for (const [name, [label, hasPoint]] of Object.entries(NUMBERS)) {
    const form = hasPoint ? /^(?:\d+(?:\.\d+)?)?$/ : /^\d*$/;
    if (!form.test(draft[name as keyof typeof NUMBERS]))
      return `Enter a ${hasPoint ? '' : 'whole '}number, with digits alone, at “${label}”.`;
  }
  return null;
}

/** What is left out of a change stays as it is: emptied, these would seem to be changed. */
function missingIn({ schedule, pauseAfter, timeoutSeconds }: Draft): string | null {
  if (schedule.trim() === '') return 'Enter a retry schedule, or “none”.';
  if (pauseAfter === '') return 'Enter after how many failures in a row it is paused, or 0 for never.';
  return timeoutSeconds === '' ? 'Enter a timeout.' : null;
}

/** Rows of which nothing, or only the last, would be sent. */
function listProblem({ conditions, headers }: Draft): string | null {
  const names = headers.map(([name]) => name.trim().toLowerCase());
  if (headers.some(([name, value]) => name.trim() === '' && value !== ''))
    return 'Write the name of each header, or remove it.';
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice !== undefined) return `The header “${twice}” is there twice. Remove one.`;
  return conditionProblem(conditions);
}

export function scheduleOf({ schedule }: Draft): number[] | null {
  return schedule.trim() === 'none' ? [] : parseSchedule(schedule);
}

export function wireOf(draft: Draft): Schemas['NewSubscription'] {
  const { level, clientId, campaignId } = draft;
  const pauseAfter = Number(draft.pauseAfter);
  return {
    url: draft.url.trim(),
    uid: draft.uid.trim() || null,
    description: draft.description || null,
    events: draft.events,
    scope: {
      level,
      ...(level === 'tags' && draft.tags && { tags: draft.tags }),
      ...(level === 'client' && clientId && { clientId }),
      ...(level === 'campaign' && campaignId && { campaignId }),
    },
    // The server says what is wrong with conditions.
    filter: filterOf(draft.conditions) as Schemas['Filter'] | null,
    headers: Object.fromEntries(draft.headers.filter(([name]) => name.trim() !== '')),
    ...requestChange(draft.request, draft.storedRequest),
    // Other profiles than the native one refuse it.
    ...(draft.versions !== draft.storedVersions && { eventTypeVersions: draft.versions }),
    passTraceparent: draft.passTraceparent,
    ...credentialsOf(draft.credentials),
    ...(draft.schedule.trim() !== '' && { retrySchedule: scheduleOf(draft) ?? [] }),
    ...(draft.pauseAfter.trim() !== '' && { pauseAfter: pauseAfter === 0 ? null : pauseAfter }),
    ...((draft.isStored || draft.pauseAfterSeconds !== '') && {
      pauseAfterSeconds: Number(draft.pauseAfterSeconds),
    }),
    ...(draft.onExhausted !== '' && { onExhausted: draft.onExhausted }),
    heldDays: numberOrNull(draft.heldDays),
    heldMax: numberOrNull(draft.heldMax),
    ...(draft.recovery !== '' && { recovery: draft.recovery }),
    ...(draft.timeoutSeconds !== '' && { timeoutMs: Math.round(Number(draft.timeoutSeconds) * 1_000) }),
    rateLimit: draft.perSecond.trim() === '' ? null : { perSecond: Number(draft.perSecond) },
    ...(draft.profile !== '' && { profile: draft.profile as Schemas['NewSubscription']['profile'] }),
    ...(Object.keys(draft.options).length > 0 && { profileOptions: draft.options }),
    ...(draft.secret !== '' && { secret: draft.secret }),
  };
}

function numberOrNull(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}
