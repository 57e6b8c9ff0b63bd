import { Controller, HttpCode, Post } from '@nestjs/common';
import type { Origin } from '../audit/origin.js';
import { AdminOnly } from '../spaces/access.js';
import { CurrentOrigin } from '../spaces/request-origin.js';
import { ResealService } from './reseal.service.js';
import { ResealResult } from './subscription-view.dto.js';

@AdminOnly()
@Controller('v1/secrets')
export class ResealController {
  constructor(private readonly reseal: ResealService) {}

  /**
   * Seal every stored secret with the newest encryption key. Afterwards the older keys can go, if nothing is
   * unreadable.
   */
  @Post('reseal')
  @HttpCode(200)
  run(@CurrentOrigin() by?: Origin): Promise<ResealResult> {
    return this.reseal.run(by);
  }
}
