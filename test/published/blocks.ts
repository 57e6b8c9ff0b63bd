import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const root = join(import.meta.dirname, '../..');

export interface Block {
  /** The heading above it, and its number where there are several. */
  title: string;
  language: string;
  code: string;
}

/** The fenced blocks of a package's README. */
export const blocksOf = (name: string): Block[] => blocksIn(`packages/${name}/README.md`);

/** The fenced blocks of a document, each with the heading above it. */
export function blocksIn(file: string): Block[] {
  const markdown = readFileSync(join(root, file), 'utf8');
  const blocks: Block[] = [];
  let heading = '';
  for (const [, title, language = '', code = ''] of markdown.matchAll(
    /^#+ ([^\n]+)$|^```(\w+)\n(.*?)^```$/gms,
  )) {
    if (title !== undefined) heading = title;
    else blocks.push({ title: `${heading} (${language} ${blocks.length + 1})`, language, code });
  }
  return blocks;
}

/** A folder in which packages are found as in an application that installed them; removed with `remove`. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), 'posthorn-blocks-'));

  constructor() {
    const modules = join(this.folder, 'node_modules');
    mkdirSync(modules);
    for (const name of readdirSync(join(root, 'node_modules'))) {
      if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(modules, name));
    }
    symlinkSync(root, join(modules, 'posthorn'));
    this.write('package.json', '{"type":"module"}');
  }

  write(name: string, text: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, text);
    return file;
  }

  /** Runs a program to its end, in a folder of this one if it is named, and gives what it printed. */
  async node(args: string[], env: Record<string, string> = {}, folder = '.'): Promise<string> {
    const options = {
      cwd: join(this.folder, folder),
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      timeout: 60_000,
    };
    return (await promisify(execFile)(process.execPath, args, options)).stdout;
  }

  /** Type-checks these files as an application does that has the built packages. */
  async typeCheck(files: string[], types: string[] = []): Promise<void> {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2022',
      strict: true,
      noEmit: true,
      types: ['node', ...types],
      jsx: 'react-jsx',
    };
    const decorators = { experimentalDecorators: true, emitDecoratorMetadata: true, skipLibCheck: true };
    const config = { compilerOptions: { ...compilerOptions, ...decorators }, files };
    await this.node([compiler, '-p', this.write('tsconfig.json', JSON.stringify(config))]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
