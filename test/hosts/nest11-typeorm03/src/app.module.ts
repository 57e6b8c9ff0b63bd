import { Body, Controller, Injectable, Module, Post } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PosthornModule, WebhookEmitter } from '@posthorn/nestjs';
import { DataSource } from 'typeorm';
import { Lead } from './lead.entity';

declare module '@posthorn/nestjs' {
  interface CustomEvents {
    'crm.lead': { id: string };
  }
}

@Injectable()
export class LeadsService {
  constructor(
    private readonly database: DataSource,
    private readonly webhooks: WebhookEmitter,
  ) {}

  create(id: string, isRefused: boolean): Promise<string> {
    return this.database.transaction(async (tx) => {
      await tx.insert(Lead, { id });
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
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env.DATABASE_URL,
      entities: [Lead],
      synchronize: true,
    }),
    PosthornModule.forRootAsync({
      useFactory: () => ({
        databaseUrl: process.env.DATABASE_URL ?? '',
        encryptionKeys: [process.env.ENCRYPTION_KEY ?? ''],
        allowHttp: true,
        allowTargets: ['127.0.0.0/8'],
      }),
    }),
  ],
  controllers: [LeadsController],
  providers: [LeadsService],
})
export class AppModule {}
