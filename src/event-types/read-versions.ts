import { Invalid, type Issue } from '../core/errors.js';
import { checkMapping, type MappingStep } from '../core/mapping.js';
import { MAX_VERSION, MAX_VERSIONS } from '../core/type-versions.js';
import { StrictValidationPipe } from '../http/validation.pipe.js';
import type { EventTypeDefinition, NamedExamples } from './definition.js';
import { EXAMPLE_NAME_FORM, MAX_EXAMPLES } from './example-names.js';
import { refuseInexactNumbers } from './inexact-numbers.js';
import { VersionInput } from './version.dto.js';
import { isJsonObject } from '../lib/is-json-object.js';

const NUMBER = /^[1-9]\d*$/;
const NAME = new RegExp(EXAMPLE_NAME_FORM);
const pipe = new StrictValidationPipe();

/** A definition whose fields were read one by one. Throws Invalid for its numbers, versions and examples. */
export async function checkParts(definition: EventTypeDefinition): Promise<void> {
  refuseInexactNumbers(definition);
  const issues = checkExamples(definition.examples, 'examples');
  const versions = Object.entries(definition.versions ?? {});
  if (versions.length >= MAX_VERSIONS)
    issues.push(issueOf('versions', `A type can have ${MAX_VERSIONS} versions, including the first.`));
  for (const [n, version] of versions.slice(0, MAX_VERSIONS))
    issues.push(...(await checkVersion(n, version)));
  if (issues.length > 0) throw new Invalid(issues);
}

async function checkVersion(n: string, version: unknown): Promise<Issue[]> {
  const at = `versions.${n.slice(0, 16)}`;
  if (!NUMBER.test(n) || Number(n) < 2 || Number(n) > MAX_VERSION) {
    const message =
      `Name versions by their numbers, from 2 to ${MAX_VERSION}. What stands beside "versions" is ` +
      'version 1.';
    return [issueOf(at, message)];
  }
  try {
    const given = (await pipe.transform(version ?? {}, {
      type: 'body',
      metatype: VersionInput,
    })) as VersionInput;
    const steps: MappingStep[] | null = given.downgrade ?? null;
    return [
      ...checkExamples(given.examples, `${at}.examples`),
      ...(steps === null ? [] : checkMapping(steps, `${at}.downgrade`)),
    ];
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return (error.issues ?? []).map((issue) => ({ ...issue, path: `${at}.${issue.path}` }));
  }
}

function checkExamples(examples: NamedExamples | undefined, at: string): Issue[] {
  const all = Object.entries(examples ?? {});
  if (all.length > MAX_EXAMPLES) return [issueOf(at, `Give at most ${MAX_EXAMPLES} examples.`)];
  return all.flatMap(([name, data]: [string, unknown]): Issue[] => {
    const path = `${at}.${name.slice(0, 64)}`;
    if (!NAME.test(name)) return [issueOf(path, 'Use 1 to 64 letters, digits, "_" and "-" for its name.')];
    const isObject = isJsonObject(data);
    return isObject ? [] : [{ path, code: 'is_object', message: 'Must be an object.' }];
  });
}

function issueOf(path: string, message: string): Issue {
  return { path, code: 'type_definition', message };
}
