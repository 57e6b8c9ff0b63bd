// Writes web/src/api/schema.ts, the dashboard's types of the API, from openapi.json. With `--check` it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const root = join(import.meta.dirname, '..');
const file = join(root, 'web', 'src', 'api', 'schema.ts');
const nodes = await openapiTS(pathToFileURL(join(root, 'openapi.json')));
const text = `// Made from openapi.json by \`npm run openapi\`.\n${astToString(nodes)}`;
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error('web/src/api/schema.ts is not what openapi.json says. Run `npm run openapi` and commit it.');
  process.exit(1);
}
