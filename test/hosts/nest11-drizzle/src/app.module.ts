import { Body, Controller, Injectable, Module, Post } from '@nestjs/common';
import { PosthornModule, WebhookEmitter } from '@posthorn/nestjs';
import { AppDatabase, leads } from './database';

@Injectable()
export class LeadsService {
  constructor(
    private readonly database: AppDatabase,
    private readonly webhooks: WebhookEmitter,
  ) {}

  create(id: string, isRefused: boolean): Promise<string> {
    return this.database.db.transaction(async (tx) => {
      await tx.insert(leads).values({ id });
      const event = await this.webhooks.emit({ space: 'acme', tx }, { type: 'lead.create', data: { id } });
      if (isRefused) throw new Error('Refused.');
      return event.id;
    });
  }
}

@Controller('leads')
class LeadsController {
  constructor(private readonly leads: LeadsService) {}

  @Post()
  async create(@Body() { id, refused }: { id: string; refused?: boolean }): Promise<{ event: string }> {
    return { event: await this.leads.create(id, refused === true) };
  }
}

@Module({
  imports: [
    PosthornModule.forRoot({
      databaseUrl: process.env.DATABASE_URL ?? '',
      encryptionKeys: [process.env.ENCRYPTION_KEY ?? ''],
      allowHttp: true,
      allowTargets: ['127.0.0.0/8'],
    }),
  ],
  controllers: [LeadsController],
  providers: [LeadsService, AppDatabase],
})
export class AppModule {}
