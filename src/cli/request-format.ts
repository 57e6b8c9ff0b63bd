import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { CliFailure } from './cli-failure.js';

/** What a command's options say of the form of requests. */
export interface FormatOptions {
  body?: string;
  template?: string;
  contentType?: string;
  method?: string;
}

const FORMATS = ['envelope', 'data', 'template', 'slack', 'teams', 'discord'];

/** Adds the options of the form of requests. */
export function withFormat(command: Command): Command {
  return command
    .addOption(new Option('--body <format>', 'the format of the body').choices(FORMATS))
    .option('--template <jsonata>', 'the body as a JSONata expression, or @file')
    .addOption(new Option('--content-type <type>', 'content type of the body').choices(['json', 'form']))
    .addOption(
      new Option('--method <method>', 'HTTP method of its requests').choices(['POST', 'PUT', 'PATCH']),
    );
}

/** The same as the API takes it. */
export function formatOf({ body, template, contentType, method }: FormatOptions): object {
  const format = body ?? (template === undefined ? undefined : 'template');
  return {
    ...(format !== undefined && {
      body: { format, ...(template !== undefined && { template: textOf(template) }) },
    }),
    ...(contentType !== undefined && { contentType }),
    ...(method !== undefined && { method }),
  };
}

function textOf(template: string): string {
  if (!template.startsWith('@')) return template;
  try {
    return readFileSync(template.slice(1), 'utf8');
  } catch {
    throw new CliFailure([`The file ${template.slice(1)} cannot be read.`]);
  }
}
