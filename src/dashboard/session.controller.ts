import { Controller, Get } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { version } from '../config/version.js';
import { publicId } from '../core/ids.js';
import { AnyKey, CurrentCaller, type Caller } from '../spaces/access.js';
import { PortalSettingsService } from '../spaces/portal-settings.service.js';
import { SessionView } from './session.dto.js';

@Controller('v1/session')
export class SessionController {
  constructor(
    private readonly settings: Settings,
    private readonly portal: PortalSettingsService,
  ) {}

  /** Tell whom the credential of this request belongs to */
  @Get()
  @AnyKey()
  async read(@CurrentCaller() caller: Caller): Promise<SessionView> {
    const { portalAccent, portalLogoUrl, testReceiver } = this.settings;
    const branded = portalAccent !== '' || portalLogoUrl !== '';
    return {
      kind: caller.kind === 'key' ? 'space' : caller.kind,
      space: caller.kind === 'admin' ? null : publicId('spc', caller.space.id),
      profile: caller.kind === 'admin' ? null : caller.space.profile,
      scope: caller.kind === 'admin' ? 'admin' : caller.scope,
      ...(caller.kind === 'portal' && {
        rights: [...caller.rights],
        portal: await this.portal.read(caller.space.id),
      }),
      branding: branded ? { accent: portalAccent || null, logoUrl: portalLogoUrl || null } : null,
      testReceiver,
      version,
    };
  }
}
