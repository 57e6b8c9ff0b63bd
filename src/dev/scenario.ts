import { v7 } from 'uuid';
import type { Profile } from '../profiles/profile.js';
import { profileOf } from '../profiles/registry.js';
import { sampleData } from '../profiles/samples.js';
import { translate } from '../profiles/translate.js';
import { withConversation } from './conversation.js';
import type { ScenarioEvent } from './scenario-event.js';
import { STORIES, type StoryStep, type StoryName } from './stories.js';
import { isJsonObject } from '../lib/is-json-object.js';

type Json = Record<string, unknown>;

/** What the events of one lead have in common, in native words. */
interface Identity {
  lead: Json;
  campaign: Json;
  email: Json;
}

/**
 * The nth lead's story in a profile's words, ending at `end`. Steps that the profile has no words for are left out.
 * Each event is the profile's sample, about one and the same lead, with what the step itself tells on top.
 */
export function scenarioEvents(
  name: StoryName,
  profileName: string,
  lead: { n: number; spaceId: string; end: Date },
): ScenarioEvent[] {
  const profile = profileOf(profileName);
  const drafts = STORIES[name].flatMap((step: StoryStep) => {
    const at = new Date(lead.end.getTime() - step.minutesBefore * 60_000);
    return typesOf(profile, step).map((type) => {
      const sample = sampleData(profile, type, lead.n, lead.spaceId, at) as Json;
      const [view] = translate({ ...eventAt(at), type, data: sample }, profile.name, 'native');
      return { step, at, type, sample, view: (view?.data ?? {}) as Json };
    });
  });
  const identity = identityOf(drafts.map(({ step, view }) => ({ type: step.native, data: view })));
  const createdAt = drafts[0]?.at.toISOString() ?? '';
  const events = drafts.map(({ step, at, type, sample, view }) => {
    const native = nativeData(step, view, identity, { at: at.toISOString(), createdAt });
    const event = { ...eventAt(at), type: step.native, data: native };
    const mine = translate(event, 'native', profile.name).find((one) => one.type === type);
    return { type, data: merge(sample, mine?.data as Json), occurredAt: at.toISOString() };
  });
  return withConversation(events);
}

/** What a profile calls a step; without what its own matching makes of another of these. */
function typesOf(profile: Profile, { native, tells }: StoryStep): string[] {
  const event = { ...eventAt(new Date(0)), type: native, data: merge(exampleOf(native), tells) };
  const all = translate(event, 'native', profile.name);
  const derived = all.flatMap(({ type, data }) => profile.matching.derive?.(type, data) ?? []);
  return all.map(({ type }) => type).filter((type) => !derived.includes(type));
}

/** Samples of one number are about one lead, but no type tells all of it. */
function identityOf(views: { type: string; data: Json }[]): Identity {
  const identity: Identity = { lead: {}, campaign: {}, email: {} };
  for (const { type, data } of views) {
    const parts: Partial<Record<keyof Identity, unknown>> = isLead(type) ? { lead: data } : data;
    for (const part of ['lead', 'campaign', 'email'] as const) {
      const known = isJsonObject(parts[part]) ? Object.entries(parts[part]) : [];
      for (const [name, value] of known) if (value !== null) identity[part][name] = value;
    }
  }
  return identity;
}

/** A sample in native words, with what the other samples know of the lead, and what the step tells. */
function nativeData(
  { native, tells }: StoryStep,
  example: Json,
  identity: Identity,
  { at, createdAt }: { at: string; createdAt: string },
): Json {
  if (isLead(native)) {
    const updated = native === 'lead.create' ? null : at;
    const times = { created_at: createdAt, updated_at: updated };
    return merge(example, known(example, identity.lead), times, tells);
  }
  const shares = new Map(Object.entries(identity) as [string, Json][]);
  const parts = Object.entries(example).map(([name, value]): [string, unknown] => {
    const shared = shares.get(name);
    if (!isJsonObject(value)) return [name, value];
    if (shared) return [name, merge(value, known(value, shared))];
    return [name, MADE_NOW.has(name) ? madeAt(value, at) : value];
  });
  // A profile's sample may say nothing of the lead, though its event may.
  const lead = known((exampleOf(native).lead ?? {}) as Json, identity.lead);
  return merge('lead' in exampleOf(native) ? { lead } : {}, Object.fromEntries(parts), tells);
}

/** When a thing came into being, and some days later when it is due. */
function madeAt(thing: Json, at: string): Json {
  const dueAt = new Date(Date.parse(at) + DUE_MS).toISOString();
  return {
    ...thing,
    ...('created_at' in thing && { created_at: at }),
    ...('due_at' in thing && { due_at: dueAt }),
  };
}

/** What comes into being with its event. */
const MADE_NOW = new Set(['note', 'task']);
const DUE_MS = 2 * 24 * 3_600_000;

/** The members of the second that the first has, too. */
function known(example: Json, values: Json): Json {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name in example));
}

/** The data of these is the lead itself. */
function isLead(type: string): boolean {
  return /^lead\.(?:create|update|delete)$/.test(type);
}

function exampleOf(type: string): Json {
  return (profileOf('native').catalogue.find(({ name }) => name === type)?.example ?? {}) as Json;
}

function eventAt(occurredAt: Date) {
  return { id: v7(), occurredAt, scope: {} };
}

/** Later values replace earlier ones, member by member. */
function merge(...all: (Json | undefined)[]): Json {
  const merged: Json = {};
  for (const one of all) {
    for (const [name, value] of Object.entries(one ?? {})) {
      const before = merged[name];
      merged[name] = isJsonObject(before) && isJsonObject(value) ? merge(before, value) : value;
    }
  }
  return merged;
}
