import { Registry } from 'prom-client';
import { createGauges } from '../../src/telemetry/process-gauges.js';

it('a gauge is the sum of what is read at each scrape, without what has ended', async () => {
  const registry = new Registry();
  const { poolTotal, poolIdle } = createGauges(registry);
  let connections = 3;
  poolTotal.add(() => connections);
  const end = poolTotal.add(() => 10);
  poolIdle.add(() => 1);
  const shown = async () =>
    (await registry.metrics())
      .split('\n')
      .filter((line) => line.startsWith('posthorn_database_pool_connections'));
  expect(await shown()).toEqual([
    'posthorn_database_pool_connections{state="total"} 13',
    'posthorn_database_pool_connections{state="idle"} 1',
  ]);
  end();
  connections = 4;
  expect((await shown())[0]).toBe('posthorn_database_pool_connections{state="total"} 4');
});
