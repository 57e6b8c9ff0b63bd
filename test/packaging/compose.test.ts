import { settingNames, textOf, yamlOf } from './repository.js';

interface Service {
  image: string;
  environment: Record<string, string>;
  deploy?: { replicas: number };
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck: { test: string[] };
}

const { services } = yamlOf<{ services: Record<string, Service> }>('docker-compose.yml');
const posthorn = services.posthorn as Service;

it('Compose runs several processes of the role all on PostgreSQL and Valkey', () => {
  expect(Object.keys(services)).toEqual(['posthorn', 'postgres', 'valkey']);
  expect(posthorn.deploy?.replicas).toBeGreaterThan(1);
  expect(posthorn.environment).not.toHaveProperty('POSTHORN_ROLE');
  expect(Object.keys(posthorn.environment).filter((name) => !settingNames().includes(name))).toEqual([]);
  expect(posthorn.depends_on).toEqual({
    postgres: { condition: 'service_healthy' },
    valkey: { condition: 'service_healthy' },
  });
  for (const { healthcheck } of Object.values(services)) expect(healthcheck.test.length).toBeGreaterThan(1);
});

it('Compose gives a process no rights and nothing to write to', () => {
  expect(posthorn).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
  });
});

it('the image runs as a numbered user and leaves the start to Node itself', () => {
  const lines = textOf('Dockerfile').split('\n');
  expect(lines.filter((line) => line.startsWith('USER'))).toEqual(['USER 1000']);
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const command = lines.find((line) => line.startsWith('CMD'))?.slice('CMD '.length) ?? '';
  expect((JSON.parse(command) as string[]).join(' ')).toBe(scripts.start);
});

it('what the image copies, and what its build reads, is let through by .dockerignore', () => {
  const passed = textOf('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const run = scripts.build?.match(/scripts\/[\w-]+\.mjs/g) ?? [];
  const packages = textOf('web/tsconfig.json').match(/packages\/\w+\/src/g) ?? [];
  expect([run.length > 0, packages.length > 0]).toEqual([true, true]);
  const own = ['package.json', 'package-lock.json', 'migrations', 'scripts/healthcheck.mjs', 'src', 'web'];
  expect(passed).toEqual(expect.arrayContaining([...own, ...run, ...packages]));
});
