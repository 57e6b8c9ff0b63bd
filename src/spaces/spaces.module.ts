import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { PeopleModule } from '../people/people.module.js';
import { Cursors } from '../http/cursor.js';
import { AccessCheck } from './access.check.js';
import { AccessControl } from './access-control.js';
import { CredentialsService } from './credentials.service.js';
import { AccessBeforeBody } from './access-before-body.js';
import { KeyLookup } from './key-lookup.js';
import { KeyUses } from './key-uses.js';
import { KeysController } from './keys.controller.js';
import { KeysService } from './keys.service.js';
import { LoginThrottle } from './login-throttle.js';
import { PortalLinkMaker } from './portal-link-maker.js';
import { PortalLinksService } from './portal-links.service.js';
import { PortalLinksController } from './portal-links.controller.js';
import { PortalSettingsController } from './portal-settings.controller.js';
import { PortalSettingsService } from './portal-settings.service.js';
import { SpaceLookup } from './space-lookup.js';
import { SpaceCatalogueController } from './space-catalogue.controller.js';
import { SpaceCatalogueService } from './space-catalogue.service.js';
import { SpacesController } from './spaces.controller.js';
import { SpacesService } from './spaces.service.js';

/** Spaces and keys. A module whose routes use the decorators of `access.ts` imports it, for their guard. */
@Module({
  imports: [PeopleModule],
  controllers: [
    SpacesController,
    SpaceCatalogueController,
    KeysController,
    PortalLinksController,
    PortalSettingsController,
  ],
  providers: [
    SpacesService,
    SpaceCatalogueService,
    KeysService,
    SpaceLookup,
    KeyLookup,
    KeyUses,
    PortalLinksService,
    PortalLinkMaker,
    PortalSettingsService,
    CredentialsService,
    LoginThrottle,
    AccessControl,
    Cursors,
  ],
  exports: [
    SpacesService,
    SpaceCatalogueService,
    KeysService,
    SpaceLookup,
    AccessControl,
    Cursors,
    PortalSettingsService,
  ],
})
export class SpacesModule {}

/** For an application whose every route is Posthorn's: it does not boot when one says nothing about its access. */
@Module({ imports: [DiscoveryModule, SpacesModule], providers: [AccessCheck, AccessBeforeBody] })
export class AccessCheckModule {}
