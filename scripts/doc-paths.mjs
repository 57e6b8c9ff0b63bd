// Checks that every file, folder and heading that a document names exists: in backticks and as links.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize, relative } from 'node:path';

/** CHANGELOG.md tells of files that were. */
const HISTORY = ['CHANGELOG.md'];
const FILE_NAME = /^[\w@.-]+\.(ts|tsx|mjs|cjs|md)$/;
const PATH = /^[\w@.-]+(\/[\w@.-]+)+\/?$/;
/** OpenTelemetry's protocols look like paths. */
const PROTOCOL = /^http\/(protobuf|json)$/;
/** A path may begin in one of these, and a source or test may be named without its ending. */
const ROOTS = ['', 'src', 'test', 'test/contract'];
const ENDINGS = ['', '.ts', '.test.ts'];

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(file));
const names = new Set(files.map((file) => basename(file)));
/** What a path in a document begins with: folders that are in the repository, which `dist` is not. */
const folders = new Set(ROOTS.flatMap((root) => files.flatMap((file) => foldersIn(root, file))));
const headings = new Map();

const faults = files
  .filter((file) => file.endsWith('.md') && !HISTORY.includes(file))
  .flatMap((file) => faultsOf(file, readFileSync(file, 'utf8')));
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;

/** The folder directly in `root` in which the file is, if it is in one. */
function foldersIn(root, file) {
  const path = relative(root, file).split('/');
  return path[0] === '..' || path.length === 1 ? [] : path.slice(0, 1);
}

function faultsOf(file, markdown) {
  const prose = markdown.replace(/^```.*?^```/gms, '');
  const named = [...prose.matchAll(/`([^`\n]+)`/g)]
    .map(([, path]) => path)
    .filter((path) => !isThere(file, path));
  const linked = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link)
    .filter((link) => !leads(file, link));
  return [...new Set([...named, ...linked])].map(
    (path) => `${file}: there is no "${path}". Name a file that exists, or nothing.`,
  );
}

function isThere(file, path) {
  if (FILE_NAME.test(path)) return names.has(path);
  if (!PATH.test(path) || PROTOCOL.test(path) || !folders.has(path.split('/')[0])) return true;
  return [...ROOTS, dirname(file)].some((root) =>
    ENDINGS.some((ending) => existsSync(join(root, path + ending))),
  );
}

function leads(file, link) {
  if (/^[a-z]+:/.test(link)) return true;
  const [path, heading] = link.split('#');
  const target = path === '' ? file : normalize(join(dirname(file), path));
  return existsSync(target) && (heading === undefined || headingsOf(target).has(heading));
}

/** The headings of a document, as GitHub makes links of them. */
function headingsOf(file) {
  if (!headings.has(file)) {
    const lines = readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm);
    const slugs = [...lines].map(([, line]) =>
      line
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    );
    headings.set(file, new Set(slugs));
  }
  return headings.get(file);
}
