// What a test file can change for the files after it in the same process: globals, variables of the environment, the
// folder, handlers of signals, and Jest's matchers.
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect', 'message'];
const PROTOTYPES = { Object, Array, Function, String, Number, Promise, Error, Map, Set, Date };
const MATCHERS = Symbol.for('$$jest-matchers-object');

export function processState() {
  return {
    globals: Object.getOwnPropertyDescriptors(globalThis),
    exit: process.exit,
    values: new Map([
      ...Reflect.ownKeys(globalThis).map((key) => [`the global ${String(key)}`, valueOf(globalThis, key)]),
      ...Object.entries(PROTOTYPES).flatMap(([name, { prototype }]) =>
        Reflect.ownKeys(prototype).map((key) => [
          `${name}.prototype.${String(key)}`,
          valueOf(prototype, key),
        ]),
      ),
      ...Object.entries(process.env).map(([name, value]) => [`process.env.${name}`, value]),
      ...Object.entries(globalThis[MATCHERS]?.matchers ?? {}).map(([name, run]) => [
        `the matcher ${name}`,
        run,
      ]),
      ...SIGNALS.map((name) => [`the listeners of ${name}`, process.listenerCount(name)]),
      ['the working folder', process.cwd()],
    ]),
    env: { ...process.env },
    folder: process.cwd(),
  };
}

/** The names of what is no longer as it was, and of what is new. */
export function differences({ values: before }, { values: now }) {
  const changed = [...before].filter(
    ([name, value]) => value !== ACCESSOR && !Object.is(now.get(name), value),
  );
  const added = [...now].filter(([name]) => !before.has(name));
  return { changed: changed.map(([name]) => name), added: added.map(([name]) => name) };
}

/** Globals that packages made when they were loaded stay: they are not loaded again. */
export function restore({ globals, exit, env, folder }) {
  for (const key of Reflect.ownKeys(globals)) {
    const { value } = globals[key];
    if (value !== undefined && !Object.is(globalThis[key], value))
      Object.defineProperty(globalThis, key, globals[key]);
  }
  process.exit = exit;
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(folder);
}

/** Node makes some globals when they are first read, which is no change. */
const ACCESSOR = Symbol('accessor');

function valueOf(object, key) {
  const descriptor = Object.getOwnPropertyDescriptor(object, key);
  return 'value' in descriptor ? descriptor.value : ACCESSOR;
}
