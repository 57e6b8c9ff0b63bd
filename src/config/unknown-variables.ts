import { nearestName } from '../lib/nearest-name.js';

const PREFIX = 'POSTHORN_';
/** What the command-line client reads, and what Kubernetes adds to pods beside a service named "posthorn". */
const OTHERS = [/^POSTHORN_(URL|KEY|SPACE|IMPORT_KEY)$/, /^POSTHORN_(SERVICE_|PORT$|PORT_)/];

/** One problem for each variable that looks like a misspelt setting: its default would apply silently otherwise. */
export function unknownVariables(env: NodeJS.ProcessEnv, known: readonly string[]): string[] {
  return Object.keys(env)
    .filter(
      (name) => name.startsWith(PREFIX) && !known.includes(name) && !OTHERS.some((other) => other.test(name)),
    )
    .map((name) => `${name}: there is no such setting.${suggestion(name, known)}`);
}

/** The same for names of a `.env` file without our prefix that look like one of `known`. */
export function misspeltVariables(names: readonly string[], known: readonly string[]): string[] {
  // Short names such as HOST are near to many others.
  const plain = known.filter((name) => !name.startsWith(PREFIX) && name.length > 6);
  return names.flatMap((name) => {
    if (known.includes(name) || name.startsWith(PREFIX) || name.length <= 6) return [];
    const isOurs = nearestName(name.split('_', 1)[0] ?? '', [PREFIX]) !== null;
    const meant = nearestName(name, isOurs ? known : plain);
    return meant === null ? [] : [`.env: ${name} is not a setting. Did you mean ${meant}?`];
  });
}

function suggestion(name: string, known: readonly string[]): string {
  const meant = nearestName(name, known);
  return meant === null ? ' .env.example lists them all.' : ` Did you mean ${meant}?`;
}
