/** A rate that was measured. CPU in seconds for 10,000 events. */
export interface MeasuredRate {
  /** Events a second. */
  rate: number;
  cpu: number;
  /** Transactions for an event, of everything that ran. */
  transactions: number;
}

/** What one set-up costs, CPU seconds for 10,000 of each. */
export interface Costs {
  /** Seconds without events, but with workers awake: timers, heartbeats, polls. */
  second: number;
  /** Events, whatever the rate: parse, match, sign, send, receive. */
  event: number;
  /** Transactions: statement, commit, wake-ups and turns of the event loop, once for all who share it. */
  transaction: number;
}

const NAMES = ['second', 'event', 'transaction'] as const;

/** CPU seconds for 10,000 events. */
export function cpuAt(costs: Costs, { rate, transactions }: Omit<MeasuredRate, 'cpu'>): number {
  return costs.second / rate + costs.event + costs.transaction * transactions;
}

/** Transactions for an event at another rate, on a line between its two neighbours, both axes logarithmic. */
export function transactionsAt(measured: readonly MeasuredRate[], rate: number): number {
  const sorted = [...measured].sort((a, b) => a.rate - b.rate);
  const above = sorted.find((one) => one.rate >= rate) ?? sorted.at(-1);
  const below = sorted.findLast((one) => one.rate <= rate) ?? sorted[0];
  if (!above || !below) return NaN;
  if (above.rate <= below.rate) return above.transactions;
  const share = Math.log(rate / below.rate) / Math.log(above.rate / below.rate);
  return below.transactions * (above.transactions / below.transactions) ** share;
}

/**
 * The costs, none below zero, with which the model is nearest to what was measured, relative to each. Three unknowns
 * have seven ways to be zero or not: all are tried.
 */
export function fitCosts(measured: readonly MeasuredRate[]): Costs {
  const rows = measured.map(({ rate, cpu, transactions }) => [1 / rate / cpu, 1 / cpu, transactions / cpu]);
  const found = [1, 2, 3, 4, 5, 6, 7].flatMap((mask) => {
    const used = [0, 1, 2].filter((index) => (mask >> index) & 1);
    const product = (a: number, b: number) => rows.reduce((sum, row) => sum + at(row, a) * at(row, b), 0);
    const solved = solve(
      used.map((a) => used.map((b) => product(a, b))),
      used.map((a) => rows.reduce((sum, row) => sum + at(row, a), 0)),
    );
    if (!solved || solved.some((value) => value < 0)) return [];
    const values = [0, 0, 0];
    for (const [place, index] of used.entries()) values[index] = at(solved, place);
    const error = rows.reduce(
      (sum, row) => sum + (row.reduce((all, x, n) => all + x * at(values, n), 0) - 1) ** 2,
      0,
    );
    return [{ values, error }];
  });
  const best = found.sort((a, b) => a.error - b.error)[0];
  if (!best) throw new Error('These measurements fit no costs: measure at least three rates.');
  return Object.fromEntries(NAMES.map((name, index) => [name, at(best.values, index)])) as unknown as Costs;
}

/** What the model says of each rate between the lowest and the highest, knowing only the others. */
export function checkModel(
  measured: readonly MeasuredRate[],
): { rate: number; cpu: number; predicted: number }[] {
  const sorted = [...measured].sort((a, b) => a.rate - b.rate);
  return sorted.slice(1, -1).map((one) => {
    const { rate, cpu } = one;
    const others = sorted.filter((other) => other !== one);
    const transactions = transactionsAt(others, rate);
    return { rate, cpu, predicted: cpuAt(fitCosts(others), { rate, transactions }) };
  });
}

/** Gauss and Jordan; null where the equations say too little. */
function solve(matrix: number[][], right: number[]): number[] | null {
  const rows = matrix.map((row, index) => [...row, at(right, index)]);
  for (let column = 0; column < rows.length; column += 1) {
    const rest = rows.slice(column).sort((a, b) => Math.abs(at(b, column)) - Math.abs(at(a, column)));
    rows.splice(column, rest.length, ...rest);
    const pivot = rows[column] ?? [];
    if (Math.abs(at(pivot, column)) < 1e-15) return null;
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = at(row, column) / at(pivot, column);
      for (const [index, value] of pivot.entries()) row[index] = at(row, index) - factor * value;
    }
  }
  return rows.map((row, index) => at(row, rows.length) / at(row, index));
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? NaN;
}
