import { nearestName } from '../lib/nearest-name.js';

const PREFIX = 'POSTHORN_';
/** What the command-line client reads, and what Kubernetes adds to pods beside a service named "posthorn". */
const OTHERS = [/^POSTHORN_(URL|KEY|SPACE)$/, /^POSTHORN_(SERVICE_|PORT$|PORT_)/];

/** One problem for each variable that looks like a setting but is none: a typo would else be a silent default. */
export function unknownVariables(env: NodeJS.ProcessEnv, known: readonly string[]): string[] {
  return Object.keys(env)
    .filter(
      (name) => name.startsWith(PREFIX) && !known.includes(name) && !OTHERS.some((other) => other.test(name)),
    )
    .map((name) => `${name}: there is no such setting.${suggestion(name, known)}`);
}

function suggestion(name: string, known: readonly string[]): string {
  const meant = nearestName(name, known);
  return meant === null ? ' .env.example lists them all.' : ` Did you mean ${meant}?`;
}
