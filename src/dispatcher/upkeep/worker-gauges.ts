import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ProcessMetrics } from '../../telemetry/process-metrics.js';
import { AttemptRunner } from '../attempt/attempt-runner.js';
import { Dispatcher } from '../dispatcher.js';
import { OwnNetwork } from '../attempt/own-network.js';

/** Shows what this worker has in memory. */
@Injectable()
export class WorkerGauges implements OnApplicationShutdown {
  private readonly ends: (() => void)[];

  constructor(
    { gauges }: ProcessMetrics,
    runner: AttemptRunner,
    dispatcher: Dispatcher,
    network: OwnNetwork,
  ) {
    this.ends = [
      gauges.attemptsInFlight.add(() => runner.inFlight),
      gauges.idsWaiting.add(() => dispatcher.idsWaiting),
      gauges.networkOut.add(() => Number(network.isOut)),
    ];
  }

  onApplicationShutdown(): void {
    for (const end of this.ends) end();
  }
}
