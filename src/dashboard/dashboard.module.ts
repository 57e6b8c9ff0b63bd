import { join } from 'node:path';
import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Settings } from '../config/settings.js';
import { packageRoot } from '../config/version.js';
import { PortalSettingsService } from '../spaces/portal-settings.service.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { NamesController } from './names.controller.js';
import { OverviewController } from './overview.controller.js';
import { OverviewService } from './overview.service.js';
import { RecentController } from './recent.controller.js';
import { serveWeb } from './serve-web.js';
import { SessionController } from './session.controller.js';

/** What a person sees, and what only the dashboard asks for. */
@Module({
  imports: [SpacesModule],
  controllers: [SessionController, OverviewController, RecentController, NamesController],
  providers: [OverviewService],
})
export class DashboardModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly settings: Settings,
    private readonly portal: PortalSettingsService,
  ) {}

  onModuleInit(): void {
    const fastify: FastifyInstance = this.host.httpAdapter.getInstance();
    const folder = join(packageRoot, 'dist', 'web');
    serveWeb(fastify, { ...this.settings, folder, faceOf: (space) => this.portal.face(space) });
  }
}
