import { BullModule, InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import { Injectable, Module, type DynamicModule } from '@nestjs/common';
import type { Job, Queue } from 'bullmq';
import { eventually } from '../support/condition.js';
import { HostApp } from '../support/host-app.js';
import { startReceiver } from '../support/receiver.js';
import { RedisServer, redisIsInstalled } from '../support/redis.js';

const MAILS = 'mails';

/** The jobs the host's own processor got. */
const mailed: string[] = [];

@Processor(MAILS)
class MailProcessor extends WorkerHost {
  process(job: Job<string>): Promise<void> {
    mailed.push(job.data);
    return Promise.resolve();
  }
}

@Injectable()
class Mails {
  constructor(@InjectQueue(MAILS) readonly queue: Queue<string>) {}
}

@Module({})
class MailModule {
  static on(port: number): DynamicModule {
    return {
      module: MailModule,
      imports: [
        // Defaults that would be the end of every delivery if they reached Posthorn's queue.
        BullModule.forRoot({
          connection: { host: '127.0.0.1', port },
          prefix: 'host',
          defaultJobOptions: { delay: 3_600_000, attempts: 7, removeOnComplete: false },
        }),
        BullModule.registerQueue({ name: MAILS }),
      ],
      providers: [MailProcessor, Mails],
    };
  }
}

function sideBySide(): void {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis.close());

  it.each([
    ['PostgreSQL', false],
    ['the same Redis', true],
  ])('works beside ours in %s', async (_where, onRedis) => {
    mailed.length = 0;
    const receiver = await startReceiver();
    const host = await HostApp.start({
      imports: [MailModule.on(redis.port)],
      options: { ...(onRedis && { redisUrl: redis.url }) },
    });
    await host.acme(receiver.url);
    const { queue } = host.app.get(Mails, { strict: false });
    await queue.addBulk(['a', 'b', 'c'].map((data) => ({ name: 'mail', data, opts: { delay: 0 } })));
    for (const id of ['1', '2']) {
      await host.emitter.emit({ space: 'acme' }, { type: 'lead.create', data: { id } });
    }
    await receiver.received(2);
    await eventually(async () => expect(await queue.getCompletedCount()).toBe(3));
    expect(mailed.toSorted()).toEqual(['a', 'b', 'c']);
    await queue.obliterate();
    await host.close();
    await receiver.close();
  });
}

if (redisIsInstalled()) describe("a host's own queue in Redis", sideBySide);
else {
  describe.skip("a host's own queue in Redis (redis-server is not installed)", () => {
    it('cannot be tried here', () => undefined);
  });
}
