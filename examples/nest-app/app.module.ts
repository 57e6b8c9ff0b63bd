import { Module } from '@nestjs/common';
import { PosthornModule } from 'posthorn';
import { DataSource } from 'typeorm';
import { Lead } from './lead.entity.js';
import { LeadsController } from './leads.controller.js';
import { LeadsService } from './leads.service.js';
import { WebhooksService } from './webhooks.service.js';

const databaseUrl = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/example';

@Module({
  imports: [
    PosthornModule.forRoot({
      // The application's own database: only so can an event share a transaction with the change it tells of.
      databaseUrl,
      encryptionKeys: (process.env.POSTHORN_ENCRYPTION_KEYS ?? '').split(','),
      // For the receiver on this machine. In production, leave both out.
      allowHttp: true,
      allowTargets: ['127.0.0.0/8'],
    }),
  ],
  controllers: [LeadsController],
  providers: [
    LeadsService,
    WebhooksService,
    {
      provide: DataSource,
      useFactory: () =>
        new DataSource({
          type: 'postgres',
          url: databaseUrl,
          entities: [Lead],
          synchronize: true,
        }).initialize(),
    },
  ],
})
export class AppModule {}
