import { SignedIn } from '../support/people.js';
import { useStory } from '../support/story.js';

const { engine, tenant } = useStory({ workers: 0 });

it('a legal hold that a person set is released by people, and by no key of the space', async () => {
  const key = await tenant.key('manage');
  const admin = await SignedIn.as(engine, 'admin');
  const set = async () =>
    (await admin.call<{ id: string }>('POST', tenant.path('/holds'), { reason: 'Case 1' })).body.id;
  const release = (id: string) => ['POST', tenant.path(`/holds/${id}/release`)] as const;
  const id = await set();
  expect((await engine.call(...release(id), undefined, { key })).status).toBe(403);
  const person = await (await SignedIn.as(engine, null)).inSpace(tenant.uid, 'admin');
  expect((await person.call(...release(id))).status).toBe(200);
  expect((await engine.call(...release(await set()))).status).toBe(200);
});
