import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getMetadataStorage } from 'class-validator';
import '../../src/app/api.module.js';

interface Property {
  items?: Property;
  [keyword: string]: unknown;
}

const document = JSON.parse(readFileSync(join(import.meta.dirname, '../../openapi.json'), 'utf8')) as {
  components: { schemas: Record<string, { properties?: Record<string, Property> }> };
};
const KEYWORDS: Record<string, [keyword: string, constraint: number]> = {
  arrayMinSize: ['minItems', 0],
  arrayMaxSize: ['maxItems', 0],
  maxLength: ['maxLength', 0],
  minLength: ['minLength', 0],
  min: ['minimum', 0],
  max: ['maximum', 0],
};

/** What class-validator asks of the fields of requests, as JSON Schema says it. */
function limits() {
  const { validationMetadatas } = getMetadataStorage() as unknown as {
    validationMetadatas: Map<
      () => unknown,
      { name?: string; propertyName: string; constraints?: unknown[]; each: boolean }[]
    >;
  };
  return [...validationMetadatas].flatMap(([{ name: dto }, rules]) => {
    const properties = document.components.schemas[dto]?.properties ?? {};
    return rules.flatMap(({ name = '', propertyName, constraints, each }) => {
      const property = properties[propertyName];
      const keyword = KEYWORDS[name];
      if (!property || !keyword) return [];
      const [key, at] = keyword;
      return [
        {
          field: `${dto}.${propertyName}`,
          key,
          asked: constraints?.[at],
          said: (each ? property.items : property)?.[key],
        },
      ];
    });
  });
}

it('openapi.json names each limit that a request is held to', () => {
  const found = limits();
  expect(found.length).toBeGreaterThan(50);
  expect(found.filter(({ asked, said }) => asked !== said)).toEqual([]);
});
