import type { ApiClient } from './api-client.js';

/** An event type of the catalogue, as far as samples need it. */
interface CatalogueEntry {
  name: string;
  family: string;
  example: object;
}

/** An event to publish. */
export interface Sample {
  type: string;
  data: object;
}

/** The catalogue's example of every event type. */
export async function allSamples(api: ApiClient): Promise<Sample[]> {
  return (await catalogue(api)).map(({ name, example }) => ({ type: name, data: example }));
}

/** The first event type of every family. */
export async function familySamples(api: ApiClient): Promise<Sample[]> {
  const families = new Map<string, Sample>();
  for (const { name, family, example } of await catalogue(api)) {
    if (!families.has(family)) families.set(family, { type: name, data: example });
  }
  return [...families.values()];
}

async function catalogue(api: ApiClient): Promise<CatalogueEntry[]> {
  return (await api.get<{ data: CatalogueEntry[] }>('/v1/event-types?profile=native')).data;
}
