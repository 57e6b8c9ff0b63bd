import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { REQUEST_EXAMPLES } from '../../src/http/openapi-examples.js';

interface Content {
  schema: object;
  examples?: Record<string, { summary: string; value: unknown }>;
}

interface Operation {
  summary: string;
  description: string;
  requestBody?: { content: Record<string, Content> };
}

const file = join(import.meta.dirname, '../../openapi.json');
const document = JSON.parse(readFileSync(file, 'utf8')) as {
  info: { description: string };
  paths: Record<string, Record<string, Operation>>;
};
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(document, 'openapi');

/** The schema with its references made absolute. */
const absolute = (schema: object) =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/')) as object;

describe('the examples of openapi.json', () => {
  it.each(Object.keys(REQUEST_EXAMPLES))('of %s are requests that its schema takes', (name) => {
    const [method = '', path = ''] = name.split(' ');
    const content = document.paths[path]?.[method]?.requestBody?.content['application/json'];
    expect(content?.examples).toEqual(REQUEST_EXAMPLES[name]);
    const takes = ajv.compile(absolute(content?.schema ?? { not: {} }));
    for (const [key, { value }] of Object.entries(content?.examples ?? {}))
      expect([key, takes(value), takes.errors]).toEqual([key, true, null]);
  });

  it('belong to operations with a summary of one line, and whole sentences after it', () => {
    const texts = Object.values(document.paths).flatMap((item) => Object.values(item));
    const wrong = texts.filter(
      ({ summary, description }) => !/^[A-Z][^\n]*[^.\n]$/.test(summary) || !/[.:`]$/.test(description),
    );
    expect(wrong.map(({ summary }) => summary)).toEqual([]);
  });

  it('stand behind a guide', () => {
    const headings = document.info.description.match(/^## .*/gm);
    expect(headings).toEqual(['## Getting started', '## Publish', '## Receive', '## Errors']);
  });
});
