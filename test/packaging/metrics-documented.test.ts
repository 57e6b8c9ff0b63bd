import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/config/version.js';
import { ProcessMetrics } from '../../src/telemetry/process-metrics.js';

it('every metric of ours has its row in docs/operating.md, with its labels, and the other way round', () => {
  const text = readFileSync(join(packageRoot, 'docs', 'operating.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `(posthorn_\w+)` +\| ([^|]*) \|/gm)];
  const documented = new Map(rows.map(([, name, labels = '']) => [name, labelsOf(labels)]));
  const exposed = new ProcessMetrics({ ofProcess: false }).registry.getMetricsAsArray();
  const known = new Map(
    exposed.map((metric) => [metric.name, (metric as unknown as { labelNames: string[] }).labelNames]),
  );
  expect(rows.length).toBe(documented.size);
  expect(new Map([...documented].toSorted())).toEqual(new Map([...known].toSorted()));
});

it('beside our own there are only the metrics of the process', () => {
  const names = new ProcessMetrics().registry.getMetricsAsArray().map(({ name }) => name);
  expect(names.filter((name) => !/^(posthorn|process|nodejs)_/.test(name))).toEqual([]);
  expect(names).toContain('process_cpu_seconds_total');
  expect(names).toContain('nodejs_eventloop_lag_seconds');
});

function labelsOf(cell: string): string[] {
  return [...cell.matchAll(/`(\w+)`/g)].map(([, label]) => label as string);
}
