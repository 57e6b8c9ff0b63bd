import { Injectable } from '@nestjs/common';
import { ListQuery, page, type Page } from '../http/list.dto.js';
import { BulkRetryService } from '../jobs/bulk-retry.service.js';
import { BulkRetryInput, ReplayInput, type JobView, type RetryCount } from '../jobs/job.dto.js';
import { toJobView } from '../jobs/jobs.controller.js';
import { JobsService } from '../jobs/jobs.service.js';
import { ReplaysService } from '../jobs/replays.service.js';
import { checked, startOf } from './checked-input.js';
import { KnownErrors } from '../http/known-errors.js';
import { SpacesByName, type SpaceName } from './spaces-by-name.js';
import { checkConditions } from './webhook-deliveries.js';

/** Which deliveries to retry. */
export type RetryFilter = Partial<Omit<BulkRetryInput, 'dryRun'>>;

/** Work on many deliveries of a space, which a process that delivers does by and by. */
@Injectable()
@KnownErrors()
export class WebhookJobs {
  constructor(
    private readonly spaces: SpacesByName,
    private readonly jobs: JobsService,
    private readonly replays: ReplaysService,
    private readonly retries: BulkRetryService,
  ) {}

  /** A page of jobs, newest first. Throws NotFound for the space, Invalid, and BadRequest for another list's cursor. */
  async list(space: SpaceName, query: Partial<ListQuery> = {}): Promise<Page<JobView>> {
    const [found, form] = [await this.spaces.find(space), await checked(ListQuery, query)];
    const context = `jobs:${found.id}`;
    const after = startOf(this.spaces.cursors, context, form);
    const rows = await this.jobs.list(found, { after, order: form.order, limit: form.limit + 1 });
    return page(rows, form, this.spaces.cursors, context, toJobView);
  }

  /** One job, by its `job_` id. Throws NotFound. */
  async get(space: SpaceName, job: string): Promise<JobView> {
    return toJobView(await this.jobs.find(await this.spaces.find(space), job));
  }

  /** Stops a job; what it has made stays. Throws NotFound, and Conflict when it is finished. */
  async cancel(space: SpaceName, job: string): Promise<JobView> {
    return toJobView(await this.jobs.cancel(await this.spaces.find(space), job));
  }

  /**
   * Sends past events again that a subscription (by id or uid) wants as it is now; by default those it missed since
   * `since` (ISO 8601). Throws NotFound, Invalid, and Conflict while the space has too many jobs under way.
   */
  async replay(space: SpaceName, subscription: string, what: Partial<ReplayInput>): Promise<JobView> {
    const form = await checked(ReplayInput, what);
    return toJobView(await this.replays.start(await this.spaces.find(space), subscription, form));
  }

  /**
   * Retries every delivery that the filter finds, one attempt each; those of a paused subscription are held until it is
   * resumed. Throws NotFound for the space, Invalid without any condition, and Conflict as `replay` does.
   */
  async retry(space: SpaceName, filter: RetryFilter): Promise<JobView> {
    return toJobView(await this.retries.start(await this.spaces.find(space), await conditions(filter)));
  }

  /** How many deliveries `retry` would be about, counted for two seconds at most. Throws as it does. */
  async countRetries(space: SpaceName, filter: RetryFilter): Promise<RetryCount> {
    return this.retries.count(await this.spaces.find(space), await conditions(filter));
  }
}

async function conditions(filter: RetryFilter): Promise<BulkRetryInput> {
  const form = await checked(BulkRetryInput, filter);
  checkConditions({ ...filter, perSecond: undefined, delaySeconds: undefined });
  return form;
}
