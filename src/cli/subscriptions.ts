import { InvalidArgumentError, Option, type Command } from 'commander';
import { parseExactly, stringifyExactly } from '../lib/exact-number.js';
import { Context } from './context.js';
import { readJson } from './option-json.js';
import { asNumber, collectPin, collectTags } from './option-values.js';
import { credentialsOf, withCredentials } from './endpoint-credentials.js';
import { preview, type PreviewOptions } from './preview.js';
import { formatOf, withFormat, type FormatOptions } from './request-format.js';

interface Subscription {
  id: string;
  uid: string | null;
  url: string;
  events: string[];
  status: string;
  pausedReason: string | null;
  failureCount: number;
  waitsUntil: string | null;
  lost: { count: number; since: string } | null;
}

/** The operator's number counts. */
const DEFAULT = 'default';

/** What a command's options say of a subscription, under the API's names. */
interface Fields extends FormatOptions {
  url?: string;
  events?: string[];
  uid?: string;
  description?: string;
  filter?: string;
  tag?: Record<string, string | string[]>;
  passTraceparent?: boolean;
  /** `false`: none; `true` is what commander takes for neither option. */
  pin?: Record<string, number> | boolean;
  heldDays?: number | typeof DEFAULT;
  heldMax?: number | typeof DEFAULT;
  clientCert?: string;
  clientKey?: string;
  oauth2?: string;
}

const one = (sub: string, rest = '') => `/subscriptions/${encodeURIComponent(sub)}${rest}`;

/** `posthorn subscriptions …` */
export function addSubscriptionCommands(program: Command): void {
  const subscriptions = program
    .command('subscriptions')
    .alias('subs')
    .description('endpoints and the events that they get');
  subscriptions
    .command('list')
    .description('list subscriptions with their health')
    .action(async (_options, command: Command) => {
      const context = new Context(command);
      const page = await context.client.list<Subscription>(context.inSpace('/subscriptions?limit=250'));
      context.table(page, ['ID', 'UID', 'STATUS', 'FAILURES', 'EVENTS', 'URL'], (sub) => {
        return [sub.id, sub.uid, statusOf(sub), sub.failureCount, sub.events.join(','), sub.url];
      });
      for (const { id, lost } of page.data) {
        if (lost === null) continue;
        const what = `${lost.count} ${lost.count === 1 ? 'delivery' : 'deliveries'} of events since ${lost.since}`;
        context.printNote(
          `${id} lost ${what}. Send them again with: posthorn subscriptions replay ${id} --lost`,
        );
      }
    });
  withFields(subscriptions.command('create <url>'))
    .description('subscribe an endpoint; the response has its secret')
    .action(async (url: string, options: Fields, command: Command) => {
      const context = new Context(command);
      const body = bodyOf({ url, ...options });
      context.show(await context.client.call('POST', context.inSpace('/subscriptions'), body));
    });
  withFields(subscriptions.command('update <sub>'))
    .description('change a subscription; fields that are left out stay the same')
    .option('--url <url>', 'the URL of its endpoint')
    .action(async (sub: string, options: Fields, command: Command) => {
      const context = new Context(command);
      context.show(await context.client.call<object>('PATCH', context.inSpace(one(sub)), bodyOf(options)));
    });
  subscriptions
    .command('delete <sub>')
    .description('delete a subscription and cancel its open deliveries')
    .action(async (sub: string, _options, command: Command) => {
      const context = new Context(command);
      await context.client.call('DELETE', context.inSpace(one(sub)));
      context.printSentence(`Subscription ${sub} is deleted.`);
    });
  addActions(subscriptions);
}

/** The options that a new subscription and a changed one share. */
function withFields(command: Command): Command {
  command
    .option('--events <names...>', 'event names or patterns such as lead.*')
    .option('--uid <uid>', 'your own name for it')
    .option('--description <text>', 'what people should know of it')
    .option(
      '--filter <json>',
      `only events whose data fits, e.g. '{"lead.country": "FR"}', or @file; null: all`,
    )
    .option('--tag <name=value>', 'only events with this tag; may be repeated', collectTags)
    .option('--pass-traceparent', "send the publisher's traceparent header with each attempt")
    .option('--no-pass-traceparent', 'do not send a traceparent header')
    .option('--pin <type=version>', 'pin an event type to a version; may be repeated', collectPin)
    .option('--no-pin', 'remove all pins')
    .addOption(heldDays())
    .addOption(heldMax());
  return withCredentials(withFormat(command));
}

function heldDays(): Option {
  return new Option(
    '--held-days <days>',
    'after how many days a held delivery expires, or "default"',
  ).argParser(numberOrDefault);
}

function heldMax(): Option {
  return new Option('--held-max <count>', 'how many deliveries are held at most, or "default"').argParser(
    numberOrDefault,
  );
}

function numberOrDefault(text: string): number | typeof DEFAULT {
  if (text === DEFAULT) return text;
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Give a whole number, or default.');
  return Number(text);
}

interface ReplayOptions {
  lost?: boolean;
  since?: string;
  until?: string;
  types?: string[];
  statuses?: string[];
  target?: string;
  perSecond?: number;
  dryRun?: boolean;
}

/** As the API takes it, in JSON: a filter's numbers keep their digits. */
function bodyOf({
  heldDays,
  heldMax,
  tag,
  pin,
  clientCert,
  clientKey,
  oauth2,
  filter,
  ...rest
}: Fields): string {
  const { body, template, contentType, method, ...fields } = rest;
  return stringifyExactly({
    ...fields,
    ...formatOf({ body, template, contentType, method }),
    ...credentialsOf({ clientCert, clientKey, oauth2 }),
    ...(tag && { scope: { tags: tag } }),
    ...(pin !== undefined && pin !== true && { eventTypeVersions: pin || null }),
    ...(heldDays !== undefined && { heldDays: heldDays === DEFAULT ? null : heldDays }),
    ...(heldMax !== undefined && { heldMax: heldMax === DEFAULT ? null : heldMax }),
    ...(filter !== undefined && { filter: parseExactly(readJson(filter, '--filter')) }),
  });
}

function statusOf({ status, pausedReason, waitsUntil }: Subscription): string {
  if (pausedReason) return `${status} (${pausedReason})`;
  return waitsUntil === null ? status : `${status} (waits until ${waitsUntil})`;
}

/** Everything that is one call on one subscription and shows the answer. */
function addActions(subscriptions: Command): void {
  const action = (name: string, description: string, method: string, rest: string) =>
    subscriptions
      .command(`${name} <sub>`)
      .description(description)
      .action(async (sub: string, _options, command: Command) => {
        const context = new Context(command);
        const body = method === 'POST' ? {} : undefined;
        context.show(await context.client.call<object>(method, context.inSpace(one(sub, rest)), body));
      });
  action('show', 'show everything about a subscription', 'GET', '');
  action('pause', 'pause a subscription: its deliveries are held until it is resumed', 'POST', '/pause');
  action('wake', 'send again at once, although the endpoint asked to wait (Retry-After)', 'POST', '/wake');
  action('test', 'send an example event now', 'POST', '/test');
  action('secret', 'show the secrets that sign its requests', 'GET', '/secret');
  action('rotate', 'create a new secret; the old one also signs for a day', 'POST', '/secret/rotate');
  subscriptions
    .command('resume <sub>')
    .description('resume a paused subscription, and deliver what was held, the oldest first')
    .option('--discard', 'cancel what was held instead')
    .action(async (sub: string, { discard }: { discard?: boolean }, command: Command) => {
      const context = new Context(command);
      const body = { backlog: discard ? 'discard' : 'deliver' };
      context.show(await context.client.call<object>('POST', context.inSpace(one(sub, '/resume')), body));
    });
  subscriptions
    .command('replay <sub>')
    .description('send events again that the endpoint missed')
    .option('--lost', 'only events whose delivery failed after its last retry')
    .option('--since <time>', 'only events published at or after this time, ISO 8601')
    .option('--until <time>', 'only events published before this time')
    .option('--types <names...>', 'only these event types or patterns')
    .option(
      '--statuses <statuses...>',
      'only events whose delivery is: failed, cancelled, skipped, expired, succeeded; "none": that have no delivery',
    )
    .option('--target <sub>', 'send the events to this subscription instead')
    .option('--per-second <n>', 'at most so many deliveries a second', asNumber)
    .option('--dry-run', 'only count the events')
    .action(async (sub: string, { types, ...options }: ReplayOptions, command: Command) => {
      const context = new Context(command);
      const body = { ...options, ...(types && { eventTypes: types }) };
      context.show(await context.client.call<object>('POST', context.inSpace(one(sub, '/replay')), body));
    });
  subscriptions
    .command('preview <sub>')
    .description('show whether it would get an event, and the request: headers, signature and body')
    .option('--event <event>', 'a published event; without it, the example of an event type')
    .option('--type <type>', 'the event type whose example to use')
    .option('--data <json>', 'data to use instead: JSON, @file, or - for standard input')
    .action(async (sub: string, options: PreviewOptions, command: Command) => preview(command, sub, options));
  subscriptions
    .command('drain <sub>')
    .description('resume a paused subscription, and deliver what was held at a limited rate')
    .option('--per-second <n>', 'at most so many deliveries a second', asNumber)
    .action(async (sub: string, options: { perSecond?: number }, command: Command) => {
      const context = new Context(command);
      context.show(await context.client.call<object>('POST', context.inSpace(one(sub, '/drain')), options));
    });
}
