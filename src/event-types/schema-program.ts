/**
 * The program of the threads that look at schemas and data, as text: a thread needs a file of JavaScript or this, and
 * in tests there are no files of JavaScript.
 *
 * Patterns run by RE2, whose time grows with the length of the text only: a RegExp such as `^(a+)+$` may take years.
 */
export const SCHEMA_PROGRAM = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { Ajv2020 } = require(workerData.ajv);
  const { RE2JS } = require(workerData.re2js);

  const regExp = (pattern) => {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
    return { test: (text) => compiled.matcher(text).find(), toString: () => 're2:' + pattern };
  };
  regExp.code = 're2';
  const options = { strict: false, validateFormats: false, logger: false, code: { regExp } };

  // A new instance each time: one kept would remember every $id it has seen, whosever it was.
  function compile(schema, more) {
    return new Ajv2020({ ...options, ...more }).compile(schema);
  }

  function checkDefinition({ schema, examples }) {
    const accepts = compile(schema);
    // What refers to itself without end compiles, and would refuse whatever is published later.
    for (const value of [null, '', [], {}]) accepts(value);
    const index = examples.findIndex((example) => !accepts(example));
    if (index === -1) return { kind: 'well' };
    const { instancePath = '', message = 'not valid' } = accepts.errors?.[0] ?? {};
    return { kind: 'mismatch', index, place: instancePath, why: message };
  }

  // It was compared with the meta-schema when it was defined, and few refer to that one.
  function compileKnown(schema, more) {
    try {
      return compile(schema, { ...more, meta: false, validateSchema: false });
    } catch {
      return compile(schema, { ...more, validateSchema: false });
    }
  }

  const MAX_KNOWN = 300;
  const MAX_LENGTH = 4_000_000;
  const known = new Map();
  let length = 0;

  function validatorOf(hash, text) {
    const found = known.get(hash);
    if (found) {
      known.delete(hash);
      known.set(hash, found);
      return found;
    }
    const validator = { text, first: compileKnown(JSON.parse(text)), all: null };
    known.set(hash, validator);
    length += text.length;
    for (const [oldest, { text }] of known) {
      if (known.size <= MAX_KNOWN && length <= MAX_LENGTH) break;
      known.delete(oldest);
      length -= text.length;
    }
    return validator;
  }

  const MAX_ERRORS = 20;
  // Of all data of one question; after that only the first of each: whoever asks reads them on its event loop.
  const MAX_SHOWN = 100;
  // Of larger data only the first difference is given: it may have as many as it has values.
  const SMALL = 16_384;
  const cut = (text) => (text.length > 200 ? text.slice(0, 199) + '…' : text);

  function placeOf({ instancePath, params }) {
    const { missingProperty, additionalProperty, unevaluatedProperty, propertyName } = params;
    const more = missingProperty ?? additionalProperty ?? unevaluatedProperty ?? propertyName;
    const names = instancePath.split('/').slice(1).map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
    if (typeof more === 'string') names.push(more);
    return cut(names.map((name) => (/^\\d+$/.test(name) ? '[' + name + ']' : '.' + name)).join(''));
  }

  function differences(validator, text, most) {
    const data = JSON.parse(text);
    if (validator.first(data)) return null;
    let { errors } = validator.first;
    if (text.length <= SMALL && most > 1) {
      validator.all ??= compileKnown(JSON.parse(validator.text), { allErrors: true });
      if (!validator.all(data)) errors = validator.all.errors;
    }
    const shown = errors.slice(0, most).map((error) => ({
      place: placeOf(error),
      why: cut(error.message ?? 'is not valid'),
    }));
    return [...new Map(shown.map((one) => [one.place + ' ' + one.why, one])).values()];
  }

  function checkData({ hash, schema, texts }) {
    const at = performance.now();
    const validator = validatorOf(hash, schema);
    let shown = 0;
    const results = texts.map((text) => {
      const found = differences(validator, text, shown < MAX_SHOWN ? MAX_ERRORS : 1);
      shown += found?.length ?? 0;
      return found;
    });
    return { kind: 'data', results, ms: performance.now() - at };
  }

  function answer(question) {
    try {
      return 'texts' in question ? checkData(question) : checkDefinition(question);
    } catch (error) {
      // Not only what does not compile: a $ref that leads back to itself fails when it is first followed.
      const why = error instanceof RangeError ? 'a $ref leads back to itself without end' : String(error.message);
      return { kind: 'unusable', why: cut(why) };
    }
  }

  parentPort.on('message', (question) => parentPort.postMessage(answer(question)));
  parentPort.postMessage({ kind: 'well' });
`;
