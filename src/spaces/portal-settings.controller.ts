import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AdminOnly, CurrentSpace, SpaceScope } from './access.js';
import { ChangePortal, PortalView } from './portal-settings.dto.js';
import { PortalSettingsService } from './portal-settings.service.js';
import type { SpaceRef } from './space-ref.js';

@ApiTags('PortalLinks')
@Controller('v1/spaces/:space/portal')
export class PortalSettingsController {
  constructor(private readonly portal: PortalSettingsService) {}

  /** Read how the portal of a space looks */
  @Get()
  @SpaceScope('read')
  read(@CurrentSpace() { id }: SpaceRef): Promise<PortalView> {
    return this.portal.read(id);
  }

  /**
   * Change how the portal of a space looks, and whose pages may frame it
   *
   * What is left out stays. Portals that are open show it when they are loaded again.
   */
  @Patch()
  @AdminOnly()
  change(@CurrentSpace() space: SpaceRef, @Body() changes: ChangePortal): Promise<PortalView> {
    return this.portal.change(space, changes);
  }
}
