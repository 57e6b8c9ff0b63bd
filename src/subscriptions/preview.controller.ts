import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { version } from '../config/version.js';
import { Invalid } from '../core/errors.js';
import { checkFormat, formatAfter, USUAL_FORMAT } from '../core/request-format.js';
import { SentData } from '../http/sent-data.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { BodyTrialService } from './body-trial.service.js';
import { SubscriptionRules } from './subscription-rules.service.js';
import { PreviewInput, PreviewView } from './preview.dto.js';

const TYPES = { json: 'application/json', form: 'application/x-www-form-urlencoded' };

@Controller('v1/spaces/:space/preview')
export class PreviewController {
  constructor(
    private readonly trial: BodyTrialService,
    private readonly rules: SubscriptionRules,
  ) {}

  /**
   * Show the request that a body format or template makes of an event type's example, or of your own data
   *
   * Nothing is sent or stored. A template that fails is a 422 `template_failed` that says why.
   */
  @Post()
  @SpaceScope('manage', { right: 'edit' })
  @HttpCode(200)
  async preview(
    @CurrentSpace() space: SpaceRef,
    @Body() { type, data, eventTypeVersions: pins, ...input }: PreviewInput,
    @SentData() sent: string | undefined,
  ): Promise<PreviewView> {
    const format = formatAfter(null, input) ?? USUAL_FORMAT;
    const issues = checkFormat(format);
    if (pins) issues.push(...(await this.rules.pinIssues(space, 'native', pins)));
    if (issues.length > 0) throw new Invalid(issues);
    const text = data && (sent ?? JSON.stringify(data));
    const { message, body } = await this.trial.try(space, format, { type, data: text, pins });
    const seconds = Math.floor(Date.parse(message.timestamp) / 1_000);
    const headers = [
      ['content-type', TYPES[format.contentType]],
      ['user-agent', `Posthorn/${version}`],
      ['webhook-id', message.id],
      ['webhook-timestamp', String(seconds)],
      ['webhook-signature', '***'],
      ...(message.version === undefined ? [] : [['webhook-version', String(message.version)]]),
    ];
    return { type: message.type, method: format.method, headers, body: body.toString() };
  }
}
