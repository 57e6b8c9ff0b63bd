import { setTimeout as sleep } from 'node:timers/promises';
import { profileOf } from '../profiles/registry.js';
import { parsePublicId } from '../core/ids.js';
import type { ApiClient } from './api-client.js';
import { onKeys } from './keyboard.js';
import type { ScenarioEvent } from './scenario-event.js';
import { scenarioEvents } from './scenario.js';
import type { StoryName } from './stories.js';

/** A provider on this machine: a space of its profile, and a key that opens the provider's own API. */
export interface LocalProvider {
  profile: string;
  space: string;
  key: string;
  /** Publishes a made-up event; a type of its own each time unless one is named. */
  simulate: (type?: string) => Promise<void>;
  /** The events of a lead's story, the next lead's at each call. */
  story: (name: StoryName) => ScenarioEvent[];
  publish: (event: ScenarioEvent) => Promise<void>;
  /** Whether somebody has subscribed. */
  hasListeners: () => Promise<boolean>;
}

/** How events are simulated. */
export interface Play {
  /** How often an event is sent by itself, milliseconds; null: at the press of a key. */
  everyMs: number | null;
  /** The story that events tell; null: they are about something else each time. */
  scenario: StoryName | null;
}

const KEY_NAME = 'dev';
/** Between the events of a story that is played once, milliseconds. */
const STEP_MS = 1_000;
/** How often to look whether somebody listens, milliseconds. */
const LISTENERS_MS = 500;

interface Published {
  type: string;
  deliveries: number;
}

/** Makes the space, or finds that of an earlier start, with a new key; the keys of earlier starts end. */
export async function openProvider(api: ApiClient, profile: string): Promise<LocalProvider> {
  const space = profile;
  const path = `/v1/spaces/${space}`;
  if ((await api.call('GET', path)) === null)
    await api.call('POST', '/v1/spaces', { name: `Local ${profile}`, uid: space, profile });
  const { data } = await api.get<{ data: { id: string; name: string }[] }>(`${path}/keys?limit=250`);
  for (const { id } of data.filter(({ name }) => name === KEY_NAME))
    await api.call('DELETE', `${path}/keys/${id}`);
  const { id: spaceId } = await api.get<{ id: string }>(path);
  const made = await api.call<{ key: string }>('POST', `${path}/keys`, { name: KEY_NAME, scope: 'manage' });
  const numberOfLead = leadNumbers();
  return {
    profile,
    space,
    key: made?.key ?? '',
    simulate: async (type) => {
      const sent = await api.call<{ data: Published[] }>('POST', `${path}/simulate`, {
        ...(type !== undefined && { type }),
      });
      warnIfUnheard(sent?.data[0]);
    },
    story: (name) =>
      scenarioEvents(name, profile, {
        n: numberOfLead(),
        spaceId: parsePublicId('spc', spaceId) ?? spaceId,
        end: new Date(),
      }),
    publish: async (event) => {
      warnIfUnheard(await api.call<Published>('POST', `${path}/events`, event));
    },
    hasListeners: async () =>
      (await api.get<{ data: object[] }>(`${path}/subscriptions?limit=1`)).data.length > 0,
  };
}

/** A lead that no earlier start is likely to have used: receivers drop what they have seen. */
function leadNumbers(): () => number {
  let n = 1 + (Math.floor(Date.now() / 1_000) % 50_000);
  return () => n++;
}

function warnIfUnheard(event: Published | null | undefined): void {
  if (event?.deliveries === 0) console.log(`${event.type}: no webhook subscribes to it`);
}

/** What a person needs to know. */
export function providerGreeting(
  url: string,
  { profile, space, key }: LocalProvider,
  { everyMs, scenario }: Play,
) {
  const { providerApi } = profileOf(profile);
  const native = `${url}/v1/spaces/${space}/subscriptions`;
  const address = providerApi ? `${url}${providerApi.path}` : native;
  const json = `-H 'authorization: Bearer ${key}' -H 'content-type: application/json'`;
  const call = providerApi
    ? providerApi.example(address, key)
    : `curl -X POST ${native} ${json} -d '{"url":"http://127.0.0.1:3000/hook"}'`;
  const keys =
    scenario === null
      ? "Press Enter for a sample event, or type an event's name before it."
      : `"${scenario}" starts when a webhook exists. Press Enter to run it for another lead.`;
  const interval = everyMs === null ? '' : ` One is sent every ${everyMs / 1_000} s.`;
  return `
  ${profile} runs on ${address}
  Key: ${key}

  ${call}

  ${keys}${interval}
  Or: curl -X POST ${url}/v1/spaces/${space}/simulate ${json} -d '{"count":1}'
  Every attempt is a line; Ctrl-C stops.
`;
}

/** Sends sample events at the press of Enter and, with `everyMs`, on a timer. Prints a line for what is refused. */
export function playProvider(provider: LocalProvider, { everyMs, scenario }: Play): () => void {
  const complain = (error: unknown) => console.error((error as Error).message);
  if (scenario !== null) return playScenario(provider, scenario, everyMs, complain);
  const send = (type?: string) => void provider.simulate(type).catch(complain);
  const timer = everyMs === null ? null : setInterval(() => send(), everyMs);
  const stopListening = onKeys((line) => send(line === '' ? undefined : line));
  return () => {
    if (timer) clearInterval(timer);
    stopListening();
  };
}

/** Plays a story as soon as there is a webhook, again at the press of Enter, and with `everyMs` over and over. */
function playScenario(
  provider: LocalProvider,
  scenario: StoryName,
  everyMs: number | null,
  complain: (error: unknown) => void,
): () => void {
  const stopped = new AbortController();
  const rest = (ms: number) => sleep(ms, undefined, { signal: stopped.signal });
  const queue: ScenarioEvent[] = [];
  const stopListening = onKeys((line) => {
    if (line === '') queue.push(...provider.story(scenario));
    else void provider.simulate(line).catch(complain);
  });
  const playStory = async () => {
    while (!(await provider.hasListeners())) await rest(LISTENERS_MS);
    queue.push(...provider.story(scenario));
    for (;;) {
      if (queue.length === 0 && everyMs !== null) queue.push(...provider.story(scenario));
      const event = queue.shift();
      if (event) await provider.publish(event).catch(complain);
      await rest(event ? (everyMs ?? STEP_MS) : LISTENERS_MS);
    }
  };
  playStory().catch((error: unknown) => {
    if (!stopped.signal.aborted) complain(error);
  });
  return () => {
    stopped.abort();
    stopListening();
  };
}
