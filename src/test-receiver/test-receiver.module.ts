import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Settings } from '../config/settings.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { ReceiverEndpoint } from './receiver-endpoint.js';
import { SentSecretsService } from './sent-secrets.service.js';
import { TestReceiversService } from './test-receivers.service.js';
import { TestReceiversController } from './test-receivers.controller.js';

/** Receivers inside the engine, to test with. Without the setting nothing of them can be reached. */
@Module({
  imports: [SpacesModule, EndpointsModule],
  controllers: [TestReceiversController],
  providers: [TestReceiversService, SentSecretsService],
})
export class TestReceiverModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly settings: Settings,
    private readonly receivers: TestReceiversService,
    private readonly secrets: SentSecretsService,
  ) {}

  onModuleInit(): void {
    if (!this.settings.testReceiver) return;
    const fastify: FastifyInstance = this.host.httpAdapter.getInstance();
    new ReceiverEndpoint(this.receivers, this.secrets).listen(fastify);
  }
}
