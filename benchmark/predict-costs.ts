import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkModel, cpuAt, fitCosts, countsAt, type MeasuredRate } from './cost-model.js';
import type { ScenarioResult } from './play.js';

const HELP = `node --import ./test/support/typescript.mjs benchmark/predict-costs.ts [options]

Reads the results of the scenarios rates-*, finds what a second, an event and a transaction cost, and checks the model:
each rate between the lowest and the highest is predicted from the others, and may differ by 15 %.

  --results <file>   default: all in benchmark/results, the newest of each scenario
  --rate <n>         predicts the CPU for so many events a second, too
`;
const MOST = 0.15;
const FOLDER = join(import.meta.dirname, 'results');

const { values } = parseArgs({
  options: {
    results: { type: 'string' },
    rate: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** The newest result of each scenario with steady rates. */
function readResults(): Map<string, MeasuredRate[]> {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  const files = values.results ? [values.results] : names.sort().map((name) => join(FOLDER, name));
  const found = new Map<string, MeasuredRate[]>();
  for (const file of files) {
    const { results } = JSON.parse(readFileSync(file, 'utf8')) as { results: ScenarioResult[] };
    for (const { name, figures } of results) if (name.startsWith('rates-')) found.set(name, ratesOf(figures));
  }
  return found;
}

function ratesOf(figures: ScenarioResult['figures']): MeasuredRate[] {
  const prefixes = Object.keys(figures).flatMap((name) => /^(.*) transactions$/.exec(name)?.[1] ?? []);
  return prefixes.map((prefix) => ({
    rate: figures[`${prefix} deliveries/s`] ?? parseFloat(prefix),
    cpu: figures[`${prefix} cpu s/10k`] ?? NaN,
    transactions: figures[`${prefix} transactions`] ?? NaN,
    wakeUps: figures[`${prefix} node wake-ups`] ?? NaN,
  }));
}

function main(): void {
  const results = readResults();
  if (results.size === 0)
    throw new Error('There are no results: npm run bench -- --only rates-one,rates-two first.');
  for (const [name, measured] of results) {
    const costs = fitCosts(measured);
    const each = Object.entries(costs).map(([what, cost]) => `${what} ${(cost as number).toPrecision(3)}`);
    console.log(`${name}: CPU s for 10,000 of each: ${each.join(', ')}`);
    for (const { rate, cpu, predicted } of checkModel(measured)) {
      const error = predicted / cpu - 1;
      const percent = (error * 100).toFixed(0);
      const isGood = Math.abs(error) <= MOST;
      const line = `${cpu.toPrecision(3)} measured, ${predicted.toPrecision(3)} predicted (${percent} %)`;
      console.log(`  ${rate.toFixed(0)}/s: ${line} ${isGood ? 'yes' : 'NO'}`);
      if (!isGood) process.exitCode = 1;
    }
    if (values.rate === undefined) continue;
    const rate = Number(values.rate);
    const cores = (cpuAt(costs, countsAt(measured, rate)) * rate) / 10_000;
    console.log(`  at ${rate}/s: ${cores.toPrecision(2)} cores`);
  }
}

if (values.help) console.log(HELP);
else main();
