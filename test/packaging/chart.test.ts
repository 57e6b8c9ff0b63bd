import { documentsOf, settingNames, textOf, yamlOf } from './repository.js';

interface Probe {
  httpGet: { path: string; port: string };
  periodSeconds: number;
  failureThreshold: number;
}

interface Variable {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef?: { name: string; key: string } };
}

interface Container {
  name: string;
  image: string;
  command?: string[];
  env: Variable[];
  ports?: { name: string; containerPort: number }[];
  securityContext: Record<string, unknown>;
  resources: { requests: object; limits: { memory: string } };
  startupProbe: Probe;
  livenessProbe: Probe;
  readinessProbe: Probe;
}

interface PodSpec {
  containers: Container[];
  automountServiceAccountToken: boolean;
  enableServiceLinks: boolean;
  hostNetwork?: boolean;
  hostPID?: boolean;
  securityContext: { runAsNonRoot: boolean; runAsUser: number; seccompProfile: { type: string } };
  terminationGracePeriodSeconds: number;
  volumes: { name: string; emptyDir?: object }[];
}

interface Manifest {
  kind: string;
  metadata: { name: string; namespace: string; annotations?: Record<string, string> };
  spec: {
    replicas: number;
    selector: { matchLabels: Record<string, string> } & Record<string, string>;
    template: { metadata: { labels: Record<string, string> }; spec: PodSpec };
    ports: { name: string; targetPort: string }[];
  };
}

const manifests = documentsOf<Manifest>('deploy/helm/rendered.yaml');
const ofKind = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);
const [deployment] = ofKind('Deployment');
const [job] = ofKind('Job');
const pods = [deployment, job].map((manifest) => manifest?.spec.template.spec as PodSpec);
const containers = pods.flatMap((pod) => pod.containers);
const engine = deployment?.spec.template.spec.containers[0] as Container;
const valueOf = (name: string) => engine.env.find((variable) => variable.name === name)?.value;

it('runs processes of the role all, and brings no database and no secret', () => {
  expect(manifests.map(({ kind }) => kind).sort()).toEqual([
    'Deployment',
    'Job',
    'NetworkPolicy',
    'PodDisruptionBudget',
    'Service',
    'Service',
    'ServiceAccount',
  ]);
  expect(deployment?.spec.replicas).toBeGreaterThan(1);
  expect(valueOf('POSTHORN_ROLE')).toBe('all');
  expect(containers.map(({ image }) => new Set([image, engine.image]).size)).toEqual([1, 1]);
  for (const { metadata } of manifests) expect(metadata.namespace).toBe('posthorn');
});

it('takes every secret from the Secret, by name', () => {
  const secrets = ['DATABASE_URL', 'REDIS_URL', 'POSTHORN_ENCRYPTION_KEYS', 'POSTHORN_ADMIN_KEY'];
  for (const variable of containers.flatMap(({ env }) => env)) {
    const { name, valueFrom, value } = variable;
    expect([name, valueFrom?.secretKeyRef?.name]).toEqual([
      name,
      secrets.includes(name) ? 'posthorn' : undefined,
    ]);
    expect([name, value === undefined]).toEqual([name, secrets.includes(name)]);
  }
  expect(engine.env.map(({ name }) => name)).toEqual(expect.arrayContaining(secrets));
});

it('sets settings that Posthorn knows, and lets Kubernetes add none', () => {
  const names = containers.flatMap(({ env }) => env.map(({ name }) => name));
  expect(names.filter((name) => !settingNames().includes(name))).toEqual([]);
  // A Service of the name posthorn would add POSTHORN_PORT and others, which are refused as misspelt settings.
  expect(pods.map(({ enableServiceLinks }) => enableServiceLinks)).toEqual([false, false]);
});

it('asks the health port whether it lives and whether it is ready', () => {
  const port = engine.ports?.find(({ name }) => name === 'health')?.containerPort;
  expect(valueOf('POSTHORN_HEALTH_PORT')).toBe(String(port));
  const { startupProbe, livenessProbe, readinessProbe } = engine;
  expect(startupProbe.httpGet).toEqual({ path: '/healthz', port: 'health' });
  expect(livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'health' });
  expect(readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'health' });
  expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBeGreaterThanOrEqual(300);
});

it('waits for a process that stops until load balancers have left it and its requests have ended', () => {
  const needed = Number(valueOf('POSTHORN_DRAIN_DELAY_MS')) + Number(valueOf('POSTHORN_SHUTDOWN_GRACE_MS'));
  const given = (deployment?.spec.template.spec.terminationGracePeriodSeconds ?? 0) * 1_000;
  expect(given).toBeGreaterThan(needed);
});

it('runs as a numbered user without rights, on a root that cannot be written to', () => {
  for (const pod of pods) {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(pod.securityContext.runAsUser).toBeGreaterThan(0);
    expect(pod.automountServiceAccountToken).toBe(false);
    expect([pod.hostNetwork, pod.hostPID]).toEqual([undefined, undefined]);
    expect(pod.volumes).toEqual([{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }]);
  }
  for (const { securityContext, resources } of containers) {
    expect(securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(resources.limits.memory).toMatch(/i$/);
  }
});

it('migrates with the same image before an installation and an upgrade', () => {
  expect(job?.metadata.annotations?.['helm.sh/hook']).toBe('pre-install,pre-upgrade');
  const [migrate] = job?.spec.template.spec.containers ?? [];
  expect(migrate?.image).toBe(engine.image);
  expect(migrate?.command).toEqual(['node', 'dist/src/cli/posthorn.js', 'migrate']);
});

it('services and budgets select the pods that there are', () => {
  const labels = deployment?.spec.template.metadata.labels;
  for (const { spec } of ofKind('Service')) {
    expect(labels).toMatchObject(spec.selector);
    const ports = engine.ports?.map(({ name }) => name);
    for (const { targetPort } of spec.ports) expect(ports).toContain(targetPort);
  }
  for (const { spec } of [...ofKind('PodDisruptionBudget'), ...ofKind('Deployment')])
    expect(labels).toMatchObject(spec.selector.matchLabels);
});

it('scales by the age of what is due, when that is enabled', () => {
  const { autoscaling, serviceMonitor } = yamlOf<Record<string, { enabled: boolean; metric?: string }>>(
    'deploy/helm/posthorn/values.yaml',
  );
  expect([autoscaling?.enabled, serviceMonitor?.enabled]).toEqual([false, false]);
  expect(autoscaling?.metric).toBe('posthorn_oldest_due_age_seconds');
  expect(textOf('deploy/helm/posthorn/templates/hpa.yaml')).toContain('type: External');
});

it('has the version of the package', () => {
  const { version } = JSON.parse(textOf('package.json')) as { version: string };
  const { appVersion } = yamlOf<{ appVersion: string }>('deploy/helm/posthorn/Chart.yaml');
  expect(appVersion).toBe(version);
  expect(engine.image.endsWith(`:${version}`)).toBe(true);
});
