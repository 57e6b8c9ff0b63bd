import { Injectable } from '@nestjs/common';
import { ReadinessService } from '../system/readiness.service.js';

/** What one check came to; `status` is `ok`, `failed` or `timeout`. */
interface CheckOutcome {
  status: string;
  /** How long it took, milliseconds. */
  ms: number;
  reason?: string;
}

/** A result of the form that `@nestjs/terminus` collects. */
export type PosthornHealth<Key extends string = 'posthorn'> = Record<
  Key,
  { status: 'up' | 'down'; checks?: Record<string, CheckOutcome> }
>;

/**
 * Whether Posthorn can work in this process: its database answers and is migrated, and its queue can be reached. For
 * `@nestjs/terminus`, which it does not need: `health.check([() => indicator.check()])`.
 */
@Injectable()
export class PosthornHealthIndicator {
  constructor(private readonly readiness: ReadinessService) {}

  /** Never throws, and takes two seconds at most. A process that is down says what failed; its log says why. */
  async check<Key extends string = 'posthorn'>(key = 'posthorn' as Key): Promise<PosthornHealth<Key>> {
    const { status, checks } = await this.readiness.read();
    const result = status === 'ok' ? { status: 'up' as const } : { status: 'down' as const, checks };
    return { [key]: result } as PosthornHealth<Key>;
  }
}
