import { join } from 'node:path';
import { type DynamicModule, Inject, Module, type OnModuleInit, Optional } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Settings } from '../config/settings.js';
import { packageRoot } from '../config/version.js';
import { PortalSettingsService } from '../spaces/portal-settings.service.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { EventTypesModule } from '../event-types/event-types.module.js';
import { EndpointAttemptsController } from './endpoint-attempts.controller.js';
import { EndpointStateController } from './endpoint-state.controller.js';
import { InstanceOverviewController } from './instance-overview.controller.js';
import { InstanceOverviewService } from './instance-overview.service.js';
import { NamesController } from './names.controller.js';
import { OverviewController } from './overview.controller.js';
import { OverviewService } from './overview.service.js';
import { RecentController } from './recent.controller.js';
import { SearchController } from './search.controller.js';
import { SearchService } from './search.service.js';
import { serveWeb } from './serve-web.js';
import { SessionController } from './session.controller.js';

const IN_HOST = Symbol('the dashboard in an application');

/** What a person sees, and what only the dashboard asks for. */
@Module({
  imports: [SpacesModule, EventTypesModule],
  controllers: [
    ...[SessionController, OverviewController, InstanceOverviewController],
    ...[RecentController, NamesController, SearchController],
    ...[EndpointAttemptsController, EndpointStateController],
  ],
  providers: [OverviewService, InstanceOverviewService, SearchService],
})
export class DashboardModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly settings: Settings,
    private readonly portal: PortalSettingsService,
    @Optional() @Inject(IN_HOST) private readonly inHost?: { folder: string | null },
  ) {}

  /** For people whom the application around it has signed in, and may show it in frames. Null: without pages. */
  static inHost(folder: string | null): DynamicModule {
    return { module: DashboardModule, providers: [{ provide: IN_HOST, useValue: { folder } }] };
  }

  onModuleInit(): void {
    const fastify: FastifyInstance = this.host.httpAdapter.getInstance();
    if (!this.inHost) {
      const folder = join(packageRoot, 'dist', 'web');
      serveWeb(fastify, { ...this.settings, folder, faceOf: (space) => this.portal.face(space) });
    } else if (this.inHost.folder !== null) {
      const { portalFrameAncestors, portalLogoUrl, portalAccent } = this.settings;
      serveWeb(fastify, {
        folder: this.inHost.folder,
        // The application's own paths are not in the URLs that come here.
        publicUrl: '',
        portalFrameAncestors: ["'self'", ...portalFrameAncestors],
        portalLogoUrl,
        portalAccent,
        signedIn: true,
        faceOf: (space) => this.portal.face(space),
      });
    }
  }
}
