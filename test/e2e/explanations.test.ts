import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';

const { engine, tenant, receiver } = useStory({
  answer: ({ path }) =>
    path.endsWith('/moved')
      ? { status: 301, headers: { location: 'https://new.example/hook' } }
      : { status: path.endsWith('/secret') ? 401 : 200 },
});

interface Explained {
  explanation: string | null;
}

async function tried(): Promise<string> {
  return eventually(async () => {
    const [delivery] = await tenant.deliveries();
    return delivery !== undefined && delivery.attemptCount > 0 && delivery.id;
  });
}

describe('an attempt in the API', () => {
  it('says what helps, and that the secret was rotated a moment before', async () => {
    await tenant.subscribe(`${receiver.url}/secret`, { uid: 'sub', retrySchedule: [] });
    await engine.ok('POST', tenant.path('/subscriptions/sub/secret/rotate'), {});
    await tenant.publish({ type: 'lead.create', data: {} });
    const id = await tried();
    const attempt = await engine.ok<Explained>('GET', tenant.path(`/deliveries/${id}/attempts/1`));
    expect(attempt.explanation).toContain('The secret was rotated less than a minute before this attempt.');
    const delivery = await engine.ok<Explained>('GET', tenant.path(`/deliveries/${id}`));
    expect(delivery.explanation).toBe(attempt.explanation);
  });

  it('says where a redirect leads', async () => {
    await tenant.subscribe(`${receiver.url}/moved`, { retrySchedule: [] });
    await tenant.publish({ type: 'lead.create', data: {} });
    const attempt = await engine.ok<Explained>('GET', tenant.path(`/deliveries/${await tried()}/attempts/1`));
    expect(attempt.explanation).toContain('redirects to https://new.example/hook,');
  });

  it('says nothing of a success', async () => {
    await tenant.subscribe(receiver.url);
    await tenant.publish({ type: 'lead.create', data: {} });
    const id = await tried();
    const attempt = await engine.ok<Explained>('GET', tenant.path(`/deliveries/${id}/attempts/1`));
    expect(attempt.explanation).toBeNull();
    expect((await engine.ok<Explained>('GET', tenant.path(`/deliveries/${id}`))).explanation).toBeNull();
  });
});
