import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { plot } from './plot.js';
import { readable, type ScenarioResult } from './play.js';
import type { Target } from './scenario.js';

export interface RunResult {
  isQuick: boolean;
  /** What each PostgreSQL says of its durability. */
  databases: Record<string, Record<string, string>>;
  results: ScenarioResult[];
  seconds: number;
}

/** Prints the table and keeps everything in `benchmark/results/<date>.json`. */
export function saveResults(run: RunResult): void {
  console.log(`\n${table(run.results)}\n`);
  for (const [queue, settings] of Object.entries(run.databases)) {
    console.log(
      `${queue}: ${Object.entries(settings)
        .map((pair) => pair.join(' '))
        .join(', ')}`,
    );
  }
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const at = new Date().toISOString();
  const name = join(folder, `${at.slice(0, 19).replaceAll(':', '')}${run.isQuick ? '-quick' : ''}`);
  writeFileSync(`${name}.json`, `${JSON.stringify({ at, machine: machine(), ...run }, rounded, 2)}\n`);
  if (run.results.some(({ figures }) => figures.ratio !== undefined))
    writeFileSync(`${name}.svg`, plot(run.results));
  console.log(`${name}.json (${run.seconds.toFixed(0)} s)`);
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(6)) : value;
}

function machine(): object {
  const all = cpus();
  return {
    cores: all.length,
    cpu: all[0]?.model,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    commit: execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim(),
  };
}

function table(results: readonly ScenarioResult[]): string {
  const rows = results.flatMap(({ queue, name, figures, targets }) =>
    Object.entries(figures).map(([figure, value]) => [
      queue,
      name,
      figure,
      readable(value),
      ...verdict(value, targets[figure]),
    ]),
  );
  const all = [['queue', 'scenario', 'figure', 'median', 'target', ''], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all
    .map((row) =>
      row.map((cell, n) => (n === 3 ? cell.padStart(widths[n] ?? 0) : cell.padEnd(widths[n] ?? 0))),
    )
    .map((row) => row.join('  ').trimEnd())
    .join('\n');
}

function verdict(value: number, target: Target | undefined): [string, string] {
  if (target === undefined) return ['', ''];
  const { atLeast = -Infinity, atMost = Infinity } = target;
  const words = target.atLeast !== undefined ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
  return [words, value >= atLeast && value <= atMost ? 'yes' : 'NO'];
}
