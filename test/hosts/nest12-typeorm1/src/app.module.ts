import { type CanActivate, type ExecutionContext, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PosthornModule } from '@posthorn/nestjs';
import { Lead } from './lead.entity.js';
import { LeadsController, LeadsService } from './leads.js';

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
    PosthornModule.forRoot({
      databaseUrl: process.env.DATABASE_URL ?? '',
      encryptionKeys: [process.env.ENCRYPTION_KEY ?? ''],
      allowHttp: true,
      allowTargets: ['127.0.0.0/8'],
      http: {
        path: '/settings/webhooks',
        guards: [AccountGuard],
        tenantOf: ({ account }: AccountRequest) => account,
        dashboard: true,
      },
    }),
  ],
  controllers: [LeadsController],
  providers: [LeadsService],
})
export class AppModule {}
