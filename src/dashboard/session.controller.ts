import { Controller, Get } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { version } from '../config/version.js';
import { publicId } from '../core/ids.js';
import { AnyKey, CurrentCaller, type Caller } from '../spaces/access.js';
import { PortalSettingsService } from '../spaces/portal-settings.service.js';
import type { PersonCaller } from '../spaces/access-rule.js';
import { SessionView, type SignedInPerson } from './session.dto.js';

@Controller('v1/session')
export class SessionController {
  constructor(
    private readonly settings: Settings,
    private readonly portal: PortalSettingsService,
  ) {}

  /** Read whom the credential of this request belongs to */
  @Get()
  @AnyKey()
  async read(@CurrentCaller() caller: Caller): Promise<SessionView> {
    const { portalAccent, portalLogoUrl, testReceiver } = this.settings;
    const branded = portalAccent !== '' || portalLogoUrl !== '';
    return {
      kind: caller.kind === 'key' ? 'space' : caller.kind,
      ...placeOf(caller),
      ...(caller.kind === 'person' && { person: signedIn(caller) }),
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

function placeOf(caller: Caller): Pick<SessionView, 'space' | 'profile' | 'scope'> {
  if (caller.kind === 'admin') return { space: null, profile: null, scope: 'admin' };
  if (caller.kind === 'person') return { space: null, profile: null, scope: SCOPES[caller.role ?? 'viewer'] };
  const { space, scope } = caller;
  return { space: publicId('spc', space.id), profile: space.profile, scope };
}

const SCOPES = { viewer: 'read', support: 'read', operator: 'manage', admin: 'admin' } as const;

function signedIn({ personId, email, instanceRole, spaces, sessionId }: PersonCaller): SignedInPerson {
  return {
    id: publicId('usr', personId),
    email,
    role: instanceRole,
    spaces: [...spaces].map(([space, role]) => ({ space: publicId('spc', space), role })),
    session: publicId('ses', sessionId),
  };
}
