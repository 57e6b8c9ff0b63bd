import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  Module,
  Post,
} from '@nestjs/common';
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

interface AccountRequest {
  headers: Record<string, string | undefined>;
  account?: string;
}

/** Stands for a session: whoever says that they are somebody is. */
class AccountGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AccountRequest>();
    request.account = request.headers['x-account'];
    return request.account !== undefined;
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
      http: {
        path: '/webhooks',
        guards: [AccountGuard],
        tenantOf: ({ account }: AccountRequest) => account,
      },
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
