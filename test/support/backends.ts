import { RedisServer, redisIsInstalled } from './redis.js';

/** A queue backend to run a story on: where its Redis is, and how to end it. */
export interface Backend {
  redisUrl?: string;
  close: () => Promise<void>;
}

/** Both backends, as `describe.each` wants them. */
export const BACKENDS: [name: string, start: () => Promise<Backend>][] = [
  ['PostgreSQL', () => Promise.resolve({ close: () => Promise.resolve() })],
  ...(redisIsInstalled()
    ? [
        [
          'Redis',
          async () => {
            const redis = await RedisServer.start();
            return { redisUrl: redis.url, close: () => redis.close() };
          },
        ] as [string, () => Promise<Backend>],
      ]
    : []),
];
