import type { Command } from 'commander';
import type { Page } from './client.js';
import { Context } from './context.js';

export interface Delivery {
  id: string;
  eventType: string;
  subscriptionId: string;
  status: string;
  attemptCount: number;
  maxAttempts: number;
  lastStatusCode: number | null;
  lastError: string | null;
  nextAttemptAt: string | null;
  createdAt: string;
}

interface Explained {
  id: string;
  status: string;
  explanation: string | null;
}

const SENTENCES: Record<string, string> = {
  succeeded: 'It was delivered.',
  held: 'It is held: its subscription is paused.',
  pending: 'It is pending: no attempt has failed.',
};

/** Of a delivery whose last attempt did not fail. */
function sentenceFor(status: string): string {
  return SENTENCES[status] ?? `It is ${status}: no attempt has failed.`;
}

const TITLES = ['ID', 'EVENT', 'STATUS', 'ATTEMPTS', 'LAST', 'NEXT ATTEMPT'];

/** A delivery's columns. */
export const cells = (d: Delivery) => [
  d.id,
  d.eventType,
  d.status,
  `${d.attemptCount}/${d.maxAttempts}`,
  d.lastStatusCode ?? d.lastError,
  d.nextAttemptAt,
];

/** `posthorn deliveries …` */
export function addDeliveryCommands(program: Command): void {
  const deliveries = program.command('deliveries').description('list, explain, retry and cancel deliveries');
  deliveries
    .command('list')
    .description('list deliveries, newest first')
    .option('--status <status>', 'pending, succeeded, failed, held, cancelled, skipped or expired')
    .option('--subscription <sub>', 'only deliveries of this subscription')
    .option('--event <event>', 'only deliveries of this event')
    .option('--type <type>', 'only deliveries of this event type')
    .option('--limit <n>', 'how many', '20')
    .action(async (filters: Record<string, string>, command: Command) => {
      const context = new Context(command);
      const query = new URLSearchParams(filters).toString();
      const page = await context.client.call<Page<Delivery>>('GET', context.inSpace(`/deliveries?${query}`));
      context.table(page, TITLES, cells);
    });
  deliveries
    .command('explain <delivery>')
    .description('explain why its last attempt failed, and what to do')
    .action(async (delivery: string, _options, command: Command) => {
      const context = new Context(command);
      const path = context.inSpace(`/deliveries/${encodeURIComponent(delivery)}`);
      const { id, status, explanation } = await context.client.call<Explained>('GET', path);
      context.printSentence(explanation ?? sentenceFor(status), { id, status, explanation });
    });
  const action = (name: string, description: string, method: string, rest: string) =>
    deliveries
      .command(`${name} <delivery>`)
      .description(description)
      .action(async (delivery: string, _options, command: Command) => {
        const context = new Context(command);
        const path = context.inSpace(`/deliveries/${encodeURIComponent(delivery)}${rest}`);
        context.show(await context.client.call<object>(method, path));
      });
  action('show', 'show a delivery with its attempts', 'GET', '');
  action('retry', 'send a delivery again now, whatever its status', 'POST', '/retry');
  action('cancel', 'cancel a pending or held delivery', 'POST', '/cancel');
}
