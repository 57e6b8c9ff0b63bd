/** A rate that was measured. CPU in seconds for 10,000 events. */
export interface MeasuredRate {
  /** Events a second. */
  rate: number;
  cpu: number;
  /** Transactions for an event, of everything that ran. */
  transactions: number;
  /** How often Node waited for something and was woken, for an event. */
  wakeUps: number;
}

/** What one set-up costs, CPU seconds for 10,000 of each. */
export interface Costs {
  /** Seconds without events, but with workers awake: timers, heartbeats, polls. */
  second: number;
  /** Events, whatever the rate: parse, match, sign, send, receive. */
  event: number;
  /** Transactions: statement and commit, once for all who share it. */
  transaction: number;
  /** Wake-ups of Node: what then runs is in no cache of the processor any more. */
  wakeUp: number;
}

const NAMES = ['second', 'event', 'transaction', 'wakeUp'] as const;

/** CPU seconds for 10,000 events. */
export function cpuAt(costs: Costs, { rate, transactions, wakeUps }: Omit<MeasuredRate, 'cpu'>): number {
  return costs.second / rate + costs.event + costs.transaction * transactions + costs.wakeUp * wakeUps;
}

/** Transactions and wake-ups for an event at another rate, on lines between its neighbours, both axes logarithmic. */
export function countsAt(measured: readonly MeasuredRate[], rate: number): Omit<MeasuredRate, 'cpu'> {
  const sorted = [...measured].sort((a, b) => a.rate - b.rate);
  const above = sorted.find((one) => one.rate >= rate) ?? sorted.at(-1);
  const below = sorted.findLast((one) => one.rate <= rate) ?? sorted[0];
  if (!above || !below) return { rate, transactions: NaN, wakeUps: NaN };
  if (above.rate <= below.rate) return { ...above, rate };
  const share = Math.log(rate / below.rate) / Math.log(above.rate / below.rate);
  const between = (name: 'transactions' | 'wakeUps') => below[name] * (above[name] / below[name]) ** share;
  return { rate, transactions: between('transactions'), wakeUps: between('wakeUps') };
}

/**
 * The costs, none below zero, with which the model is nearest to what was measured, relative to each. Four unknowns
 * have fifteen ways to be zero or not: all are tried.
 */
export function fitCosts(measured: readonly MeasuredRate[]): Costs {
  const rows = measured.map(({ rate, cpu, transactions, wakeUps }) =>
    [1 / rate, 1, transactions, wakeUps].map((count) => count / cpu),
  );
  const masks = Array.from({ length: 15 }, (_, index) => index + 1);
  const found = masks.flatMap((mask) => {
    const used = [0, 1, 2, 3].filter((index) => (mask >> index) & 1);
    const product = (a: number, b: number) => rows.reduce((sum, row) => sum + at(row, a) * at(row, b), 0);
    const solved = solve(
      used.map((a) => used.map((b) => product(a, b))),
      used.map((a) => rows.reduce((sum, row) => sum + at(row, a), 0)),
    );
    if (!solved || solved.some((value) => value < 0)) return [];
    const values = [0, 0, 0, 0];
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

/**
 * What the model says of each rate between the lowest and the highest, with costs from the others alone. How many
 * transactions it made is counted: events begin to share them only where the engine is nearly busy, at a rate that no
 * line between two others shows.
 */
export function checkModel(
  measured: readonly MeasuredRate[],
): { rate: number; cpu: number; predicted: number }[] {
  const sorted = [...measured].sort((a, b) => a.rate - b.rate);
  return sorted.slice(1, -1).map((one) => {
    const { rate, cpu } = one;
    const others = sorted.filter((other) => other !== one);
    return { rate, cpu, predicted: cpuAt(fitCosts(others), one) };
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
