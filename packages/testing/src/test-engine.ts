import { createClient, type PosthornClient, type Schemas } from '@posthorn/client';
import { milliseconds, type Duration } from './duration.js';
import { EngineProcess, type Ready } from './engine-process.js';
import { TestSpace } from './test-space.js';

export interface TestEngineOptions {
  /** A PostgreSQL server that may create databases; without one the engine brings its own. */
  databaseUrl?: string;
  /** The engine's settings by their names in code, such as `retrySchedule`. They must be JSON. */
  settings?: Record<string, unknown>;
}

/** A real engine on a throw-away database, by a clock that the test moves. */
export class TestEngine {
  /** The API, with the admin key. */
  readonly client: PosthornClient;
  private time: number;
  private spaces = 0;

  private constructor(
    private readonly process: EngineProcess,
    { url, key, now }: Ready,
  ) {
    this.url = url;
    this.key = key;
    this.time = now;
    this.client = createClient({ url, key });
  }

  /** Where the API is. */
  readonly url: string;
  /** The admin key. */
  readonly key: string;

  static async start({ databaseUrl, settings }: TestEngineOptions = {}): Promise<TestEngine> {
    const { process, ready } = await EngineProcess.start({ databaseUrl, settings });
    return new TestEngine(process, ready);
  }

  /** The engine's time, milliseconds since the epoch. It stands still between two calls of `advance`. */
  readonly now = (): number => this.time;

  /**
   * Moves the clock forward, and makes everything that is due on the way, in order: attempts, probes, expiries, jobs.
   * Resolves when all of it is done: `advance('8h')` is a whole retry schedule.
   */
  async advance(duration: Duration): Promise<void> {
    this.time = await this.process.ask('advance', milliseconds(duration));
  }

  /** Waits until nothing is due or in flight, without moving the clock. */
  async settle(): Promise<void> {
    this.time = await this.process.ask('settle');
  }

  /** A new space, with a uid of its own unless you give one. */
  async space(fields: Partial<Schemas['CreateSpace']> = {}): Promise<TestSpace> {
    this.spaces += 1;
    const uid = fields.uid ?? `space-${this.spaces}`;
    await this.client.post('/v1/spaces', { body: { name: uid, ...fields, uid } });
    return new TestSpace(this.client, uid);
  }

  /** Stops the engine and removes its database. Call it in `afterAll`. */
  stop(): Promise<void> {
    return this.process.stop();
  }
}

/** Starts an engine; one for a file of tests is enough, with a space for each test. It takes seconds. */
export function startTestEngine(options?: TestEngineOptions): Promise<TestEngine> {
  return TestEngine.start(options);
}
