// Writes the types of the API from openapi.json, for the dashboard and for `@posthorn/client`. With `--check` it only
// compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const root = join(import.meta.dirname, '..');
const files = ['web/src/api/schema.ts', 'packages/client/src/schema.ts'];
// Values of any kind refer to themselves, which the generator would make an object of.
const unknown = ts.factory.createKeywordTypeNode(ts.SyntaxKind.UnknownKeyword);
const transform = (_schema, { path = '' }) => {
  if (/\/schemas\/(?:Json|Storable)Value$/.test(path)) return unknown;
  const [, depth] = /\/schemas\/Filter(\d?)$/.exec(path) ?? [];
  return depth === undefined ? undefined : filterType(Number(depth));
};

/** The generator would say that `$or` is a list and a value: the value of a path is the one or the other. */
function filterType(depth) {
  const { factory } = ts;
  const schema = (name) =>
    ['schemas', name].reduce(
      (type, key) =>
        factory.createIndexedAccessTypeNode(
          type,
          factory.createLiteralTypeNode(factory.createStringLiteral(key)),
        ),
      factory.createTypeReferenceNode('components'),
    );
  const value = schema('FilterValue');
  const values =
    depth === 4
      ? value
      : factory.createUnionTypeNode([value, factory.createArrayTypeNode(schema(`Filter${depth + 1}`))]);
  const path = factory.createParameterDeclaration(
    undefined,
    undefined,
    'path',
    undefined,
    factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword),
  );
  return factory.createTypeLiteralNode([factory.createIndexSignature(undefined, [path], values)]);
}

const nodes = await openapiTS(pathToFileURL(join(root, 'openapi.json')), { transform });
const text = `// Made from openapi.json by \`npm run openapi\`.\n${astToString(nodes)}`;
for (const file of files) {
  if (!process.argv.includes('--check')) writeFileSync(join(root, file), text);
  else if (readFileSync(join(root, file), 'utf8') !== text) {
    console.error(`${file} is not what openapi.json says. Run \`npm run openapi\` and commit it.`);
    process.exit(1);
  }
}
