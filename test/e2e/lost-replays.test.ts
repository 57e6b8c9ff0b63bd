import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';

interface Job {
  id: string;
  status: string;
  total: number;
  done: number;
}

let isDown = true;
const { engine, tenant, receiver } = useStory({ answer: () => ({ status: isDown ? 500 : 200 }) });
beforeEach(() => {
  isDown = true;
});

const path = () => tenant.path('/subscriptions/crm');
const lost = async () => (await tenant.subscription('crm')).lost;
const replay = (body: object) => engine.ok<Job>('POST', `${path()}/replay`, body);
const cancel = ({ id }: Job) => engine.ok<Job>('POST', tenant.path(`/jobs/${id}/cancel`));

/** Two deliveries whose only attempt failed. Gives since when the note says that something is lost. */
async function loseTwo(): Promise<string> {
  await tenant.subscribe(receiver.url, { uid: 'crm', retrySchedule: [], pauseAfter: null });
  for (const n of [1, 2]) await tenant.publish({ type: 'lead.create', data: { n } });
  return eventually(async () => {
    const note = await lost();
    expect(note).toMatchObject({ count: 2 });
    return note?.since ?? '';
  });
}

describe('the note of lost deliveries', () => {
  it('is back when the replay that was to send them is cancelled before it begins', async () => {
    const since = await loseTwo();
    const before = await lost();
    // Without a zone a time is in UTC.
    for (const what of [{ lost: true }, { since, statuses: ['failed'] }, { since: since.replace('Z', '') }]) {
      const job = await replay({ ...what, delaySeconds: 600 });
      expect(await lost()).toBeNull();
      expect(await cancel(job)).toMatchObject({ status: 'cancelled', done: 0 });
      expect(await lost()).toEqual(before);
    }
    isDown = false;
    const { id } = await replay({ lost: true });
    await eventually(async () =>
      expect(await engine.ok('GET', tenant.path(`/jobs/${id}`))).toMatchObject({
        status: 'completed',
        total: 2,
        done: 2,
      }),
    );
    expect(await lost()).toBeNull();
  });

  it('has what a cancelled replay did not send, and what was lost since', async () => {
    const since = await loseTwo();
    const job = await replay({ lost: true, perSecond: 1 });
    await eventually(async () =>
      expect(await engine.ok('GET', tenant.path(`/jobs/${job.id}`))).toMatchObject({ done: 1 }),
    );
    await cancel(job);
    // The one that was sent failed again.
    await eventually(async () => expect(await lost()).toMatchObject({ count: 2, since }));
  });
});
