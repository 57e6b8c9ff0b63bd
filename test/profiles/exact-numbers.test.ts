import type { ProfileName } from '../../src/core/domain-types.js';
import type { Equivalent } from '../../src/profiles/equivalents.js';
import { knownProfiles, profileOf } from '../../src/profiles/registry.js';
import { renderBody } from '../../src/profiles/render.js';
import { HOOK } from '../support/hooks.js';

const NUMBERS = ['9007199254740993', '-1497549923779084388', '0.10000000000000000001', '1e400'];
const others = knownProfiles().filter((name) => name !== 'native');
const rows = others.flatMap((name) =>
  profileOf(name).equivalents.flatMap((equivalent): [ProfileName, Equivalent, string][] => {
    const [path] = numericPaths(equivalent);
    return path === undefined ? [] : [[name, equivalent, path]];
  }),
);

/** Fields that are carried as they are. */
function numericPaths({ fields, sameData, when }: Equivalent): string[] {
  if (sameData) return ['number'];
  return fields.flatMap(({ native, as = 'same', joined }) => {
    const path = typeof native === 'string' ? native : (native[0] ?? '@');
    return as !== 'same' || joined || path.startsWith('@') || path === when?.path ? [] : path;
  });
}

/** JSON text of an object with this number at the path, and what the equivalent asks for. */
function textWith(path: string, number: string, { when, needs }: Equivalent): string {
  const data = {};
  if (needs !== undefined && !path.startsWith(`${needs}.`)) put(data, needs, 'x');
  if (when) put(data, when.path, when.is[0]);
  put(data, path, '@number');
  return JSON.stringify(data).replace('"@number"', number);
}

function put(data: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() as string;
  const place = names.reduce((object, name) => (object[name] ??= {}) as Record<string, unknown>, data);
  place[last] = value;
}

function bodyOf(type: string, data: string, theirs: string, to: ProfileName): string {
  const id = '0191e8a0-7b2c-7d3e-8f40-000000000009';
  const event = { id, spaceId: id, type, occurredAt: new Date(0), scope: {}, data, trace: null };
  const facts = { deliveryId: id, hook: HOOK, secret: null, profile: to, spaceProfile: 'native' as const };
  return renderBody({ event, type: theirs, ...facts }).toString();
}

describe('the body of a translated event', () => {
  it.each(rows)('%s: keeps every digit of a number (%j, %s)', (name, equivalent, path) => {
    for (const number of NUMBERS) {
      const data = textWith(path, number, equivalent);
      expect(bodyOf(equivalent.native, data, equivalent.theirs, name)).toContain(`:${number}`);
    }
  });

  it('takes no number for an object', () => {
    const [name, equivalent] = rows.find(([, { fields, sameData }]) => !sameData && fields.length > 0) ?? [];
    if (!name || !equivalent) throw new Error('There is no equivalent with fields.');
    const text = bodyOf(
      equivalent.native,
      '{"lead":9007199254740993,"email":0.10000000000000000001}',
      equivalent.theirs,
      name,
    );
    expect(text).not.toContain('asDouble');
    expect(text).not.toContain('9007199254740993');
  });
});
