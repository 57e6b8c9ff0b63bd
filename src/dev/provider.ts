import { profileOf } from '../profiles/registry.js';
import type { ApiClient } from './api-client.js';
import { onKeys } from './keyboard.js';

/** A provider on this machine: a space of its profile, and a key that opens the provider's own API. */
export interface LocalProvider {
  profile: string;
  space: string;
  key: string;
  /** Publishes a made-up event; a type of its own each time unless one is named. */
  simulate: (type?: string) => Promise<void>;
}

const KEY_NAME = 'dev';

/** Makes the space, or finds that of an earlier start, with a new key; the keys of earlier starts end. */
export async function openProvider(api: ApiClient, profile: string): Promise<LocalProvider> {
  const space = profile;
  const path = `/v1/spaces/${space}`;
  if ((await api.call('GET', path)) === null)
    await api.call('POST', '/v1/spaces', { name: `Local ${profile}`, uid: space, profile });
  const { data } = await api.get<{ data: { id: string; name: string }[] }>(`${path}/keys?limit=250`);
  for (const { id } of data.filter(({ name }) => name === KEY_NAME))
    await api.call('DELETE', `${path}/keys/${id}`);
  const made = await api.call<{ key: string }>('POST', `${path}/keys`, { name: KEY_NAME, scope: 'manage' });
  return {
    profile,
    space,
    key: made?.key ?? '',
    simulate: async (type) => {
      const sent = await api.call<{ data: { type: string; deliveries: number }[] }>(
        'POST',
        `${path}/simulate`,
        {
          ...(type !== undefined && { type }),
        },
      );
      const [event] = sent?.data ?? [];
      if (event && event.deliveries === 0) console.log(`${event.type}: nobody listens to it`);
    },
  };
}

/** What a person needs to know. */
export function providerGreeting(
  url: string,
  { profile, space, key }: LocalProvider,
  everyMs: number | null,
) {
  const { surface } = profileOf(profile);
  const native = `${url}/v1/spaces/${space}/subscriptions`;
  const address = surface ? `${url}${surface.path}` : native;
  const json = `-H 'authorization: Bearer ${key}' -H 'content-type: application/json'`;
  const call = surface
    ? surface.example(address, key)
    : `curl -X POST ${native} ${json} -d '{"url":"http://127.0.0.1:3000/hook"}'`;
  const pace = everyMs === null ? '' : ` One is sent every ${everyMs / 1_000} s.`;
  return `
  ${profile} runs on ${address}
  Key: ${key}

  ${call}

  Press Enter for a sample event, or type an event's name before it.${pace}
  Or: curl -X POST ${url}/v1/spaces/${space}/simulate ${json} -d '{"count":1}'
  Every attempt is a line; Ctrl-C stops.
`;
}

/** Sends sample events at the press of Enter and, if told, on a timer. What is refused is a line. */
export function playProvider(provider: LocalProvider, everyMs: number | null): () => void {
  const send = (type?: string) => {
    provider.simulate(type).catch((error: unknown) => console.error((error as Error).message));
  };
  const timer = everyMs === null ? null : setInterval(() => send(), everyMs);
  const stopListening = onKeys((line) => send(line === '' ? undefined : line));
  return () => {
    if (timer) clearInterval(timer);
    stopListening();
  };
}
