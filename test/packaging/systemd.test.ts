import { settingNames, textOf } from './repository.js';

/** The lines of a unit's section, without comments. */
function section(file: string, name: string): string[] {
  const [, body = ''] = textOf(`deploy/systemd/${file}`).split(`[${name}]\n`);
  return (body.split(/^\[/m)[0] ?? '').split('\n').filter((line) => line && !line.startsWith('#'));
}

const one = section('posthorn.service', 'Service');
const several = section('posthorn@.service', 'Service');
const settings = (lines: string[]) =>
  lines
    .filter((line) => line.startsWith('Environment='))
    .flatMap((line) => line.slice('Environment='.length).split(' '))
    .map((pair) => pair.split('=') as [string, string]);

it('the units start Node as `npm start` does', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const command = (scripts.start ?? '')
    .replace(/^node/, '/usr/bin/node')
    .replace('dist/', '/opt/posthorn/dist/');
  for (const lines of [one, several]) expect(lines).toContain(`ExecStart=${command}`);
});

it('the units set settings that Posthorn knows', () => {
  const known = [...settingNames(), 'NODE_ENV'];
  for (const lines of [one, several])
    expect(settings(lines).filter(([name]) => !known.includes(name))).toEqual([]);
});

it('processes of one machine have ports of their own', () => {
  const ports = new Map(settings(several));
  expect(ports.get('PORT')).toContain('%i');
  expect(ports.get('POSTHORN_HEALTH_PORT')).toContain('%i');
});

it('the units give no rights, and the same to one process as to several', () => {
  const own = /^(Environment|EnvironmentFile|StateDirectory|StateDirectoryMode)=/;
  const shared = (lines: string[]) => lines.filter((line) => !own.test(line));
  expect(shared(several)).toEqual(shared(one));
  expect(one).toEqual(
    expect.arrayContaining([
      'DynamicUser=yes',
      'NoNewPrivileges=yes',
      'CapabilityBoundingSet=',
      'ProtectSystem=strict',
      'SystemCallFilter=@system-service',
    ]),
  );
});
