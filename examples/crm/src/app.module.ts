import { Module } from '@nestjs/common';
import { PosthornModule } from '@posthorn/nestjs';
import { DataSource } from 'typeorm';
import { LeadsController, MeController, RecordsController } from './api.controllers.js';
import { ENTITIES } from './entities.js';
import { FirstStart } from './first-start.js';
import { LeadsService } from './leads.service.js';
import { PagesController } from './pages.controller.js';
import { RecordsService } from './records.service.js';
import { SessionGuard, type SessionRequest } from './sessions.js';
import { SessionsModule } from './sessions.module.js';

const { DATABASE_URL: databaseUrl = '', POSTHORN_ENCRYPTION_KEYS = '' } = process.env;

@Module({
  imports: [
    SessionsModule,
    PosthornModule.forRoot({
      // The CRM's own database: only so can an event share a transaction with the change it tells of.
      databaseUrl,
      encryptionKeys: POSTHORN_ENCRYPTION_KEYS.split(','),
      // For receivers on this machine. In production, leave both out.
      allowHttp: true,
      allowTargets: ['127.0.0.0/8'],
      // The portal and the API of one's own space; the page /settings shows the portal in a frame.
      http: {
        path: '/settings/webhooks',
        guards: [SessionGuard],
        imports: [SessionsModule],
        tenantOf: ({ user }: SessionRequest) => ({
          uid: user.account,
          name: user.company,
          user: user.email,
        }),
      },
    }),
  ],
  controllers: [PagesController, MeController, LeadsController, RecordsController],
  providers: [
    LeadsService,
    RecordsService,
    FirstStart,
    {
      provide: DataSource,
      // An application has migrations instead of `synchronize`.
      useFactory: () =>
        new DataSource({
          type: 'postgres',
          url: databaseUrl,
          schema: 'public',
          entities: ENTITIES,
          synchronize: true,
        }).initialize(),
    },
  ],
})
export class AppModule {}
