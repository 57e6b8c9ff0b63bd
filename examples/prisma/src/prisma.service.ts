import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.js';

@Injectable()
export class PrismaService extends PrismaClient implements OnModuleInit, OnModuleDestroy {
  constructor() {
    super({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL }) });
  }

  /** An application has migrations: `prisma migrate` needs an engine that Prisma downloads. */
  async onModuleInit(): Promise<void> {
    await this.$executeRawUnsafe('CREATE TABLE IF NOT EXISTS public.host_leads (id text PRIMARY KEY)');
  }

  async onModuleDestroy(): Promise<void> {
    await this.$disconnect();
  }
}
