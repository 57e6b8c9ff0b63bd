import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** What a CommonJS file sees as its `module`. */
interface CommonJs {
  exports: unknown;
}

type Wrapper = (
  this: unknown,
  exports: unknown,
  require: (name: string) => unknown,
  module: CommonJs,
  filename: string,
  dirname: string,
) => void;

/**
 * CommonJS files that are loaded with what V8 compiled of them earlier, from a file beside each. V8 itself refuses that
 * of another release, of other flags and of a text of another length; then the file is compiled as always.
 */
export class CodeCache {
  private readonly modules = new Map<string, CommonJs>();
  private readonly scripts = new Map<string, Script>();

  /** The exports of a file, given with its absolute path. Its own `./` files are loaded in the same way. */
  load(file: string): unknown {
    const known = this.modules.get(file);
    if (known) return known.exports;
    const module: CommonJs = { exports: {} };
    this.modules.set(file, module);
    const own = createRequire(file);
    const folder = dirname(file);
    const require = Object.assign(
      (name: string): unknown => (name.startsWith('./') ? this.load(join(folder, name)) : own(name)),
      own,
    );
    const run = this.compile(file).runInThisContext() as Wrapper;
    run.call(module.exports, module.exports, require, module, file, folder);
    return module.exports;
  }

  /** Whether V8 took the cache of every file so far. */
  get isUsed(): boolean {
    return [...this.scripts.values()].every((script) => script.cachedDataRejected === false);
  }

  /** Writes what V8 has compiled of the files loaded so far. */
  write(): void {
    for (const [file, script] of this.scripts) writeFileSync(cacheOf(file), script.createCachedData());
  }

  private compile(file: string): Script {
    // Read as Latin-1 it stays outside of the heap: the files are ASCII.
    const text = `(function (exports, require, module, __filename, __dirname) { ${readFileSync(file, 'latin1')}\n})`;
    const cachedData = readIfThere(cacheOf(file));
    const script = new Script(text, { filename: file, ...(cachedData && { cachedData }) });
    this.scripts.set(file, script);
    return script;
  }
}

function cacheOf(file: string): string {
  return `${file}.cache`;
}

function readIfThere(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}
