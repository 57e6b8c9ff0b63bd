const PREFIX = 'POSTHORN_';
/** What the command-line client reads, and what Kubernetes adds to pods beside a service named "posthorn". */
const OTHERS = [/^POSTHORN_(URL|API_KEY|SPACE)$/, /^POSTHORN_(SERVICE_|PORT$|PORT_)/];

/** One problem for each variable that looks like a setting but is none: a typo would else be a silent default. */
export function unknownVariables(env: NodeJS.ProcessEnv, known: readonly string[]): string[] {
  return Object.keys(env)
    .filter(
      (name) => name.startsWith(PREFIX) && !known.includes(name) && !OTHERS.some((other) => other.test(name)),
    )
    .map((name) => `${name}: there is no such setting. Did you mean ${nearest(name, known)}?`);
}

function nearest(name: string, known: readonly string[]): string {
  const distances = known.map((candidate) => ({ candidate, distance: editDistance(name, candidate) }));
  return distances.reduce((best, next) => (next.distance < best.distance ? next : best)).candidate;
}

/** How many letters to add, drop or change to make one word of the other. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...b].entries()) {
      const changed = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(changed, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
