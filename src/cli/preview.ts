import type { Command } from 'commander';
import { Context } from './context.js';
import { readJson } from './option-json.js';

export interface PreviewOptions {
  event?: string;
  type?: string;
  data?: string;
}

interface Preview {
  type: string;
  wanted: boolean;
  reason: string | null;
  checks: { check: string; path: string | null; holds: boolean }[];
  held: boolean;
  requests: {
    method: string;
    url: string;
    headers: string[][];
    body: string | null;
    problem: string | null;
  }[];
}

/** Shows what a subscription would get of an event. */
export async function preview(
  command: Command,
  sub: string,
  { data, ...options }: PreviewOptions,
): Promise<void> {
  const context = new Context(command);
  const fields = JSON.stringify(options);
  // The data goes as text: parsed and printed again, a long number would lose digits.
  const more = data === undefined ? '' : `${fields === '{}' ? '' : ','}"data":${readJson(data, '--data')}`;
  const path = context.inSpace(`/subscriptions/${encodeURIComponent(sub)}/preview`);
  const answer = await context.client.call<Preview>('POST', path, `${fields.slice(0, -1)}${more}}`);
  context.print(answer, linesOf(answer));
}

function linesOf({ type, wanted, reason, checks, held, requests }: Preview): string[] {
  const verdict = wanted
    ? `It would get this ${type}${held ? ', once it is resumed: it is paused' : ''}.`
    : `It would not get this ${type} (${reason}).`;
  return [
    verdict,
    ...checks.map(({ check, path, holds }) => `  ${holds ? 'yes' : 'NO '}  ${path ?? check}`),
    ...requests.flatMap(({ method, url, headers, body, problem }) => [
      '',
      `${method} ${url}`,
      ...headers.map(([name, value]) => `${name}: ${value}`),
      '',
      body ?? problem ?? '',
    ]),
  ];
}
