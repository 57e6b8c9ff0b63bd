import { ProcessMetrics } from '../../src/telemetry/process-metrics.js';

const OPEN_METRICS = 'application/openmetrics-text';

it('a crowd that asks for metrics gets few expositions, each made after it was asked for', async () => {
  const metrics = new ProcessMetrics({ ofProcess: false });
  let [made, counted] = [0, 0];
  metrics.gauges.idsWaiting.add(() => (made += 1));
  const valueOf = (text: string) => Number(/^posthorn_network_outages_total (\d+)$/m.exec(text)?.[1]);
  for (let turn = 0; turn < 3; turn += 1) {
    const before = metrics.render();
    metrics.counters.networkOutages.inc();
    counted += 1;
    const crowd = Array.from({ length: 100 }, () => metrics.render());
    const other = Array.from({ length: 100 }, () => metrics.render(OPEN_METRICS));
    await before;
    for (const { text } of await Promise.all(crowd)) expect(valueOf(text)).toBe(counted);
    for (const { contentType } of await Promise.all(other)) expect(contentType).toContain(OPEN_METRICS);
  }
  expect(made).toBeLessThanOrEqual(9);
});
