import { Body, Controller, Get, Patch, Put } from '@nestjs/common';
import { Invalid } from '../../core/errors.js';
import { CurrentSpace } from '../../spaces/access.js';
import type { SpaceRef } from '../../spaces/space-ref.js';
import { AccountSettingsService, CONFIGURATIONS, type Configuration } from './account-settings.service.js';
import { webhookErrorFormat } from './smartlead-error.js';
import { Reads, SmartleadApi, Writes } from './smartlead-access.js';
import { readBody } from './webhook-input.js';

const NAMES = Object.keys(CONFIGURATIONS) as Configuration[];

const MAX_URL = 2_048;

/** The user settings that account events are for. Where they are in the provider's API, no document says. */
@SmartleadApi()
@Controller('smartlead/api/v1/user/settings')
export class SmartleadSettingsController {
  constructor(private readonly settings: AccountSettingsService) {}

  @Get()
  @Reads()
  async show(@CurrentSpace() space: SpaceRef) {
    const entries = NAMES.map(async (name) => [name, { webhookUrl: await this.settings.urlOf(space, name) }]);
    return { ok: true, data: Object.fromEntries(await Promise.all(entries)) as object };
  }

  @Put()
  @Writes()
  put(@CurrentSpace() space: SpaceRef, @Body() body: unknown) {
    return this.save(space, body);
  }

  @Patch()
  @Writes()
  patch(@CurrentSpace() space: SpaceRef, @Body() body: unknown) {
    return this.save(space, body);
  }

  private async save(space: SpaceRef, body: unknown) {
    const said = readBody(body, webhookErrorFormat);
    const given = NAMES.filter((name) => isNamed(body, name));
    const urls = given.map((name) => [name, readUrl(name, said[name])] as const);
    // Before anything is written: what is refused changes nothing.
    for (const [name, url] of urls)
      if (url !== null) await withErrorFormat(name, url, () => this.settings.check(space, url));
    for (const [name, url] of urls) await this.settings.set(space, name, url);
    return this.show(space);
  }
}

async function withErrorFormat(name: Configuration, url: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const issue = error instanceof Invalid ? error.issues?.find(({ path }) => path === 'url') : undefined;
    throw issue ? webhookErrorFormat.address(`${name}.webhookUrl`, issue.message, url) : error;
  }
}

function isNamed(body: unknown, name: string): boolean {
  return typeof body === 'object' && body !== null && Object.hasOwn(body, name);
}

/** Null, or no address in it: nobody is notified. */
function readUrl(name: Configuration, value: unknown): string | null {
  if (value === undefined) return null;
  const { webhookUrl: url = null } = (typeof value === 'object' ? value : {}) as { webhookUrl?: unknown };
  const isWrong = typeof value !== 'object' || Array.isArray(value);
  if (isWrong || (url !== null && (typeof url !== 'string' || url.length > MAX_URL)))
    throw webhookErrorFormat.wrong(`${name}.webhookUrl`, isWrong ? value : url);
  return url === '' ? null : url;
}
