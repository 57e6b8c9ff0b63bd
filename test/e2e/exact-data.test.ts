import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';

const { engine, tenant, receiver } = useStory();

const DATA =
  '{"id":9007199254740993,"rate":0.10000000000000000001,"one":1.0,"list":[1497549923779084388,1e400]}';

/** The answer as text: parsed, its numbers would be doubles. */
async function textOf(path: string): Promise<string> {
  const response = await fetch(engine.url + tenant.path(path), {
    headers: { authorization: `Bearer ${engine.adminKey}` },
  });
  expect(response.status).toBe(200);
  return response.text();
}

it("data's numbers are delivered, shown and exported as they were published", async () => {
  await tenant.subscribe(receiver.url);
  const { id } = await tenant.publish(`{"type":"lead.create","data":${DATA}}`);
  const [request] = await receiver.received(1);
  expect(request?.body.toString()).toContain(`"data":${DATA}`);
  const delivery = await eventually(async () => (await tenant.deliveries('?status=succeeded'))[0] ?? null);
  const quoted = JSON.stringify(DATA).slice(1, -1);
  const shown: [string, string][] = [
    [`/events/${id}`, `"data":${DATA}`],
    [`/deliveries/${delivery.id}/attempts/1`, `\\"data\\":${quoted}`],
    ['/exports/events?include=body', `"data":${DATA}`],
    ['/exports/events?include=body&format=csv', DATA.replaceAll('"', '""')],
    ['/exports/attempts?include=body', quoted],
    ['/exports/deliveries?include=body', quoted],
  ];
  for (const [path, text] of shown)
    expect([path, await textOf(path)]).toEqual([path, expect.stringContaining(text)]);
});
