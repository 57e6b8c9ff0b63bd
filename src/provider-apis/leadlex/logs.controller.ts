import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Invalid, NotFound } from '../../core/errors.js';
import { isUuid, publicId } from '../../core/ids.js';
import { AttemptViewsService } from '../../deliveries/attempt-views.service.js';
import { DeliveryLogService } from '../../deliveries/delivery-log.service.js';
import { TestSender } from '../../events/test-send.js';
import { CurrentSpace } from '../../spaces/access.js';
import type { SpaceRef } from '../../spaces/space-ref.js';
import { SubscriptionsService } from '../../subscriptions/subscriptions.service.js';
import { leadlexProfile } from '../../profiles/leadlex/leadlex.profile.js';
import { LeadlexApi, WebhooksRead, WebhooksWrite } from './leadlex-access.js';
import { errorCodeOf, LOG_STATUSES, LogsService, type LogEntry } from './logs.service.js';

const PER_PAGE = { usual: 20, most: 100 };

/** The testing interface: send a test, see what came of it, try a failed delivery again, look into a request. */
@LeadlexApi()
@Controller('leadlex/v1/webhooks/:id')
export class LeadlexLogsController {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly logs: LogsService,
    private readonly deliveries: DeliveryLogService,
    private readonly attempts: AttemptViewsService,
    private readonly tests: TestSender,
  ) {}

  @Get('logs')
  @WebhooksRead()
  async list(
    @CurrentSpace() space: SpaceRef,
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
  ) {
    const webhook = await this.logged(space, id);
    const asked = readLogQuery(query);
    const { logs, total } = await this.logs.page(space.id, webhook, asked);
    return { data: { logs }, meta: { page: asked.page, per_page: asked.perPage, total } };
  }

  /** One delivery with the requests that were made for it, the last fifty, and what came back. */
  @Get('logs/:delivery')
  @WebhooksRead()
  async inspect(
    @CurrentSpace() space: SpaceRef,
    @Param('id') id: string,
    @Param('delivery') delivery: string,
  ) {
    const log = await this.entry(space, await this.logged(space, id), delivery);
    const views = await this.attempts.all(space, publicId('dlv', delivery), leadlexProfile.name);
    const attempts = views.map(({ n, startedAt, timings, errorCode, request, response }) => ({
      attempt: n,
      delivered_at: startedAt,
      duration_ms: timings.total,
      error: errorCodeOf(errorCode),
      request,
      response: response && {
        status_code: response.statusCode,
        headers: response.headers,
        body: response.body,
      },
    }));
    return { data: { log: { ...log, attempts } } };
  }

  @Post('logs/:delivery/retry')
  @WebhooksWrite()
  @HttpCode(202)
  async retry(@CurrentSpace() space: SpaceRef, @Param('id') id: string, @Param('delivery') delivery: string) {
    const webhook = await this.find(space, id);
    await this.entry(space, webhook.id, delivery);
    await this.deliveries.retry(space, publicId('dlv', delivery));
    return { data: { log: await this.entry(space, webhook.id, delivery) } };
  }

  @Post('test')
  @WebhooksWrite()
  @HttpCode(202)
  async test(@CurrentSpace() space: SpaceRef, @Param('id') id: string, @Body() body: unknown) {
    const webhook = await this.find(space, id);
    const { event } = (body ?? {}) as { event?: unknown };
    if (event !== undefined && typeof event !== 'string')
      throw new Invalid([{ path: 'events', code: 'invalid', message: 'Name one event of the catalogue.' }]);
    const delivery = await this.tests.send(
      space,
      publicId('sub', webhook.id),
      event === undefined ? {} : { type: event },
    );
    return { data: { log: await this.logs.find(space.id, webhook.id, delivery) } };
  }

  private find(space: SpaceRef, id: string) {
    return this.subscriptions.findTheirs(space, leadlexProfile.name, id);
  }

  /** The id of a webhook that has a log: a deleted one, too, as long as deliveries of it are kept. Throws NotFound. */
  private async logged(space: SpaceRef, id: string): Promise<string> {
    if (isUuid(id) && (await this.logs.remains(space.id, id))) return id;
    return (await this.find(space, id)).id;
  }

  private async entry(space: SpaceRef, webhook: string, delivery: string): Promise<LogEntry> {
    const log = isUuid(delivery) ? await this.logs.find(space.id, webhook, delivery) : null;
    if (!log) throw new NotFound('delivery');
    return log;
  }
}

function readLogQuery(query: Record<string, unknown>) {
  const status = LOG_STATUSES.find((each) => each === query.status);
  if (query.status !== undefined && !status) {
    const message = `Use one of: ${LOG_STATUSES.join(', ')}.`;
    throw new Invalid([{ path: 'status', code: 'invalid', message }]);
  }
  const page = numberOf(query.page, 'page', 1, 1_000_000);
  const perPage = numberOf(query.per_page, 'per_page', PER_PAGE.usual, PER_PAGE.most);
  return { page, perPage, ...(status && { status }) };
}

function numberOf(value: unknown, path: string, usual: number, most: number): number {
  if (value === undefined) return usual;
  const number = typeof value === 'string' && /^[1-9]\d{0,6}$/.test(value) ? Number(value) : 0;
  if (number < 1 || number > most)
    throw new Invalid([{ path, code: 'invalid', message: `Use a whole number from 1 to ${most}.` }]);
  return number;
}
