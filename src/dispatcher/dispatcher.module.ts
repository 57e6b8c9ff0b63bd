import { BullModule } from '@nestjs/bullmq';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { BodiesModule } from '../bodies/bodies.module.js';
import { LocalDispatchModule, LONGEST_TIMEOUT_MS } from '../deliveries/local-dispatch.js';
import { connectQueue, migrateQueue, type QueueConnection } from '../queue/connections.js';
import { QueueModule } from '../queue/queue.module.js';
import { FIRST_PREFIX } from '../queue/shards.js';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { OperationalEventsModule } from '../operational-events/operational-events.module.js';
import { AttemptMaker } from './attempt/attempt-maker.js';
import { CertificateRecorder } from './settle/certificate-recorder.js';
import { CertificateWatch } from './upkeep/certificate-watch.js';
import { ThrottleReporter } from './upkeep/throttle-reporter.js';
import { BodyMaker } from './attempt/body-maker.js';
import { AttemptFeed } from './settle/attempt-feed.js';
import { AttemptRunner } from './attempt/attempt-runner.js';
import { DeliveryLeaser } from './lease/lease.js';
import { Dispatcher } from './dispatcher.js';
import { checkSourceAddresses, senderOptions } from './attempt/egress.js';
import { EndpointSender } from './attempt/endpoint-sender.js';
import { Expirer } from './upkeep/expirer.js';
import { HandoverReceiver } from './handover-receiver.js';
import { Heartbeat } from './upkeep/heartbeat.js';
import { KnownHosts } from './attempt/known-hosts.js';
import { OutcomeRecorder } from './settle/outcome-recorder.js';
import { OwnNetwork } from './attempt/own-network.js';
import { CONSUMER, CONSUMER_CONNECTION, DeliverProcessor } from './deliver.processor.js';
import { ProcessMetrics } from '../telemetry/process-metrics.js';
import { OAuth2Tokens } from '../outbound/oauth2-tokens.js';
import { Sender } from '../outbound/sender.js';
import { Settler } from './settle/settler.js';
import { Sweeper } from './upkeep/sweeper.js';
import { WorkerGauges } from './upkeep/worker-gauges.js';
import { WorkWatch } from './upkeep/work-watch.js';

@Global()
@Module({
  providers: [
    {
      provide: CONSUMER_CONNECTION,
      inject: [Settings],
      useFactory: async (settings: Settings) => {
        await migrateQueue(settings);
        return connectQueue(settings, 'consumer');
      },
    },
  ],
  exports: [CONSUMER_CONNECTION],
})
class ConsumerModule {}

/** Everything a worker runs. */
@Module({
  imports: [
    QueueModule,
    LocalDispatchModule,
    EndpointsModule,
    BodiesModule,
    OperationalEventsModule,
    ConsumerModule,
    BullModule.forRootAsync(CONSUMER, {
      inject: [CONSUMER_CONNECTION],
      useFactory: ({ connection }: QueueConnection) => ({ connection, prefix: FIRST_PREFIX }),
    }),
    // Registers no queue, but makes @nestjs/bullmq look for processors.
    BullModule.registerQueue(),
  ],
  providers: [
    {
      provide: Sender,
      inject: [Settings],
      useFactory: async (settings: Settings) => {
        await checkSourceAddresses(settings);
        return new Sender(senderOptions(settings));
      },
    },
    {
      provide: Heartbeat,
      inject: [Database, ProcessMetrics, Settings],
      useFactory: async (database: Database, metrics: ProcessMetrics, { leaseGraceMs }: Settings) => {
        const heartbeat = new Heartbeat(database, metrics, LONGEST_TIMEOUT_MS + leaseGraceMs);
        await heartbeat.begin();
        return heartbeat;
      },
    },
    { provide: OAuth2Tokens, inject: [Sender], useFactory: (sender: Sender) => new OAuth2Tokens(sender) },
    {
      provide: EndpointSender,
      inject: [Sender, OAuth2Tokens],
      useFactory: (sender: Sender, tokens: OAuth2Tokens) => new EndpointSender(sender, tokens),
    },
    AttemptMaker,
    BodyMaker,
    DeliveryLeaser,
    AttemptFeed,
    AttemptRunner,
    KnownHosts,
    OwnNetwork,
    Settler,
    Dispatcher,
    HandoverReceiver,
    Sweeper,
    Expirer,
    OutcomeRecorder,
    DeliverProcessor,
    WorkerGauges,
    WorkWatch,
    CertificateRecorder,
    CertificateWatch,
    ThrottleReporter,
  ],
  exports: [AttemptFeed, Sweeper],
})
export class DispatcherModule implements OnApplicationShutdown {
  constructor(
    @Inject(CONSUMER_CONNECTION) private readonly consumer: QueueConnection,
    private readonly processor: DeliverProcessor,
    private readonly sender: Sender,
    private readonly heartbeat: Heartbeat,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.heartbeat.end();
    await this.consumer.close();
    this.sender.close();
  }
}
