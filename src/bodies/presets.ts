import { ExactNumber, parseExactly, stringifyExactly } from '../lib/exact-number.js';
import { isJsonObject } from '../lib/is-json-object.js';
import type { Message } from './message.js';

/** Fields of the data that a message shows. */
const MAX_FACTS = 10;
const MAX_VALUE = 200;
/** Objects inside objects that are looked into. */
const MAX_DEPTH = 3;
/** Discord refuses longer ones. */
const MAX_DISCORD = 2_000;

type Fact = [name: string, value: string];

/** The message as the incoming webhooks of these products take it. */
export const PRESETS = { slack, teams, discord } as const;

/** https://api.slack.com/messaging/webhooks */
function slack(message: Message): object {
  const escape = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const lines = factsOf(message).map(([name, value]) => `• ${escape(name)}: ${escape(value)}`);
  return { text: [`*${escape(message.type)}*`, ...lines].join('\n') };
}

/** https://discord.com/developers/docs/resources/webhook. Nobody is pinged, whatever the data says. */
function discord(message: Message): object {
  const escape = (text: string) => text.replaceAll(/[\\*_~`|>[\]]/g, (char) => `\\${char}`);
  const lines = factsOf(message).map(([name, value]) => `- ${escape(name)}: ${escape(value)}`);
  const content = [`**${escape(message.type)}**`, ...lines].join('\n');
  return { content: shortened(content, MAX_DISCORD), allowed_mentions: { parse: [] } };
}

/** A message with an Adaptive Card, as the webhooks of Teams and its workflows take it. */
function teams(message: Message): object {
  const facts = factsOf(message).map(([title, value]) => ({ title, value }));
  const heading = { type: 'TextBlock', text: message.type, weight: 'Bolder', size: 'Medium', wrap: true };
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [heading, ...(facts.length > 0 ? [{ type: 'FactSet', facts }] : [])],
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content }] };
}

/** The first values of the data, by path. */
function factsOf({ data }: Message): Fact[] {
  const facts: Fact[] = [];
  collect(parseExactly(data), '', 0, facts);
  return facts;
}

function collect(value: unknown, path: string, depth: number, facts: Fact[]): void {
  if (facts.length >= MAX_FACTS) return;
  if (isJsonObject(value) && !(value instanceof ExactNumber) && depth < MAX_DEPTH) {
    for (const [key, field] of Object.entries(value)) {
      if (facts.length >= MAX_FACTS) return;
      collect(field, path === '' ? key : `${path}.${key}`, depth + 1, facts);
    }
  } else if (value !== null) facts.push([shortened(path, MAX_VALUE), shortened(textOf(value), MAX_VALUE)]);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : stringifyExactly(value);
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replaceAll(/\p{Surrogate}/gu, '')}…`;
}
