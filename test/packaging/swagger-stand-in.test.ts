import { readdirSync } from 'node:fs';
import { textOf } from './repository.js';

/** What the sources import of `@nestjs/swagger` that is there when they run. */
function imported(): string[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const names = files.flatMap((file) =>
    [...textOf(`src/${file}`).matchAll(/^import \{([^}]+)\} from '@nestjs\/swagger';$/gm)].flatMap(
      ([, list = '']) => list.split(',').map((name) => name.trim()),
    ),
  );
  return [...new Set(names)].filter((name) => name !== '' && !name.startsWith('type ')).sort();
}

it('@posthorn/nestjs stands in for each name of Swagger that the engine uses: it cannot be built otherwise', () => {
  const exported = [
    ...textOf('packages/nestjs/build/swagger.mjs').matchAll(/^export (?:const |class |\{ )([^=;{}]+)/gm),
  ].flatMap(([, names = '']) => names.split(',').map((name) => name.trim()));
  expect(imported()).toContain('ApiQuery');
  expect(imported().filter((name) => !exported.includes(name))).toEqual([]);
});
