import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { loadConfiguration } from '../../src/backend/configuration/load.js';
import { variableEntries, type VariableDescription } from '../../src/backend/configuration/variables.js';
import { balancerErrorKinds, errorKinds } from '../../src/backend/errors.js';
import { describeApi } from '../../src/backend/openapi.js';
import { defaultFinishWithinMs } from '../../src/backend/server.js';
import {
  environmentOf,
  readCompose,
  readDockerfile,
  readManifests,
  root,
  wordsOf,
  type Manifest,
} from './deploymentFiles.js';

interface Container {
  image: string;
  args?: string[];
  env?: { name: string; value?: string; valueFrom?: { secretKeyRef?: { name: string; key: string } } }[];
  ports: { name: string; containerPort: number }[];
  securityContext: unknown;
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
  resources: { requests: unknown; limits: unknown };
  [probe: `${string}Probe`]: { httpGet?: { path: string; port: string } };
}

interface Pod {
  securityContext: { runAsNonRoot: boolean; runAsUser: number };
  terminationGracePeriodSeconds: number;
  containers: Container[];
}

const { build, image } = readDockerfile();
const compose = readCompose();
const manifests = readManifests();
const haproxy = readFileSync(join(root, 'deploy/haproxy.cfg'), 'utf8');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'limpid-deployment-'));

afterAll(() => rmSync(folder, { recursive: true }));

function manifest(key: string): Manifest {
  const found = manifests.get(key);
  if (!found) throw new Error(`no ${key} among ${[...manifests.keys()].join(', ')}`);
  return found;
}

function podOf(key: string): Pod {
  return (manifest(key).spec['template'] as { spec: Pod }).spec;
}

function containerOf(key: string): Container {
  const [container, ...others] = podOf(key).containers;
  if (!container || others.length > 0) throw new Error('one container was expected');
  return container;
}

const deployed = containerOf('Deployment/limpid-backend');
const replica = compose.services['backend-a'];
const described = new Map<string, VariableDescription>(variableEntries);
const podVariables = Object.fromEntries((deployed.env ?? []).map(({ name, value }) => [name, value]));

/** The variable that a name in a file means: of secrets, `NAME_FILE` means `NAME`. */
function variableOf(name: string): string {
  const base = name.replace(/_FILE$/, '');
  return described.get(base)?.isSecret ? base : name;
}

/** What a line of haproxy.cfg says after these words. */
function balancerSetting(words: string): string {
  const [found, ...others] = haproxy.split('\n').flatMap((line) => line.trim().split(`${words} `)[1] ?? []);
  if (!found || others.length > 0) throw new Error(`one line with “${words}” was expected`);
  return found;
}

const secondsOf = (text = '') => Number(/^(\d+)s$/.exec(text)?.[1]);

describe('every variable', () => {
  /** Of Node, not of the server. */
  const ofNode = ['NODE_ENV'];
  const places = {
    'the Dockerfile': environmentOf(image),
    'compose.yaml': replica.environment ?? {},
    'kubernetes.yaml': podVariables,
  };

  test.each(Object.entries(places))('of %s is one that the server knows', (_, values) => {
    const names = Object.keys(values).filter((name) => !ofNode.includes(name));
    expect(names.length).toBeGreaterThan(1);
    expect(names.filter((name) => !described.has(variableOf(name)))).toEqual([]);
  });

  test.each(Object.entries(places))('of %s that is secret is given as a file', (_, values) => {
    const open = Object.keys(values).filter((name) => described.get(name)?.isSecret);
    expect(open).toEqual([]);
  });

  test('that a vendor needs stands in compose.yaml and kubernetes.yaml', () => {
    const secrets = variableEntries.flatMap(([name, { isSecret }]) => (isSecret ? [`${name}_FILE`] : []));
    expect(secrets.length).toBeGreaterThan(4);
    expect(Object.keys(places['compose.yaml'])).toEqual(expect.arrayContaining(secrets));
    expect(Object.keys(podVariables)).toEqual(expect.arrayContaining(secrets));
  });

  test('of a file lies in a folder that is mounted', () => {
    const mountedIn = (folders: string[]) => (path: string) => folders.some((each) => path.startsWith(`${each}/`));
    const files = (values: Record<string, string | undefined>) =>
      Object.entries(values).flatMap(([name, value]) => (/_FILE$|_CONFIG$/.test(name) && value ? [value] : []));
    const inCompose = (replica.volumes ?? []).map((volume) => volume.split(':')[1] ?? '');
    const inPod = deployed.volumeMounts.map(({ mountPath }) => mountPath);
    expect(files(replica.environment ?? {}).filter((path) => !mountedIn(inCompose)(path))).toEqual([]);
    expect(files(podVariables).filter((path) => !mountedIn(inPod)(path))).toEqual([]);
  });

  test('stands in the table of the README', () => {
    const rows = readme.split('\n').filter((line) => line.startsWith('| `'));
    const missing = variableEntries.filter(([name, { isSecret }]) => {
      const title = isSecret ? `| \`${name}\` or \`${name}_FILE\` ` : `| \`${name}\` `;
      return !rows.some((row) => row.startsWith(title));
    });
    expect(missing.map(([name]) => name)).toEqual([]);
  });

  test('that haproxy.cfg asks for is given by compose.yaml, and no other', () => {
    const own = [...haproxy.matchAll(/^ +setenv (\w+) /gm)].map(([, name]) => name);
    const asked = [...haproxy.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name).filter((name) => !own.includes(name));
    expect([...new Set(asked)].toSorted()).toEqual(Object.keys(compose.services.balancer.environment ?? {}).toSorted());
  });
});

describe('ports and paths', () => {
  test('are the same in every file', () => {
    const port = Number(environmentOf(image)['LIMPID_TOKENS_PORT']);
    expect(wordsOf(image, 'EXPOSE')).toEqual([String(port)]);
    expect(replica.environment?.['LIMPID_TOKENS_PORT']).toBe(String(port));
    expect(compose.services.balancer.environment).toMatchObject({
      BACKEND_A: `backend-a:${port}`,
      BACKEND_B: `backend-b:${port}`,
    });
    expect(podVariables['LIMPID_TOKENS_PORT']).toBe(String(port));
    expect(deployed.ports).toEqual([{ name: 'http', containerPort: port }]);
    expect(manifest('Service/limpid-backend').spec['ports']).toEqual([{ name: 'http', port: 80, targetPort: 'http' }]);
  });

  test('of health: alive by /healthz, ready by /readyz', () => {
    expect(wordsOf(image, 'HEALTHCHECK').join(' ')).toContain('/healthz');
    expect(haproxy).toMatch(/option httpchk GET \/readyz$/m);
    expect(deployed.startupProbe?.httpGet?.path).toBe('/healthz');
    expect(deployed.livenessProbe?.httpGet?.path).toBe('/healthz');
    expect(deployed.readinessProbe?.httpGet?.path).toBe('/readyz');
  });

  test('that callers may use are named, and /metrics and /readyz are not among them', () => {
    const rules = manifest('Ingress/limpid-backend').spec['rules'] as {
      http: { paths: { path: string; pathType: string }[] };
    }[];
    const open = rules.flatMap(({ http }) => http.paths).map(({ path, pathType }) => `${path} ${pathType}`);
    expect(open).toEqual(['/v1 Prefix', '/healthz Exact', '/openapi.json Exact']);
    const inside = ['/readyz', '/metrics'];
    const outside = Object.keys(describeApi()['paths'] as object).filter((path) => !inside.includes(path));
    const forCallers = outside.filter((path) => path.startsWith('/v1/'));
    expect(balancerSetting('acl is_for_callers path').split(' ').toSorted()).toEqual(forCallers.toSorted());
    expect(balancerSetting('acl is_public path').split(' ')).toEqual(['/healthz', '/openapi.json']);
    expect(outside).toHaveLength(forCallers.length + 2);
  });
});

describe('what a container may do', () => {
  test('the image runs as nobody in particular, by its exec form, and holds what it needs alone', () => {
    const [uid, gid] = (wordsOf(image, 'USER')[0] ?? '').split(':').map(Number);
    expect(uid).toBeGreaterThan(0);
    expect(gid).toBeGreaterThan(0);
    expect(podOf('Deployment/limpid-backend').securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: uid });
    expect(image.instructions.filter(({ name }) => name === 'RUN')).toEqual([]);
    expect(image.instructions.find(({ name }) => name === 'CMD')?.isExecForm).toBe(true);
    expect(image.instructions.find(({ name }) => name === 'HEALTHCHECK')?.isExecForm).toBe(true);
    expect(wordsOf(image, 'STOPSIGNAL')).toEqual(['SIGTERM']);
    expect(image.image).toBe(build.image);
    expect(image.image).toMatch(/^node:24\.\d+\.\d+-bookworm-slim$/);
  });

  test('the build is given what .dockerignore lets through', () => {
    const [first, ...allowed] = readFileSync(join(root, '.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    const copied = build.instructions
      .filter(({ name }) => name === 'COPY')
      .flatMap(({ words }) => words.slice(0, -1))
      .map((path) => `!${path}`);
    expect(first).toBe('*');
    expect(allowed.toSorted()).toEqual(copied.toSorted());
  });

  test.each(Object.keys(compose.services) as (keyof typeof compose.services)[])('%s of compose.yaml', (name) => {
    const service = compose.services[name];
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    expect((service.volumes ?? []).filter((volume) => !volume.endsWith(':ro'))).toEqual([]);
  });

  test('only the load balancer can be reached, and the store by the replicas alone', () => {
    const { services, networks } = compose;
    const published = Object.entries(services).flatMap(([name, { ports }]) => (ports ? [name] : []));
    expect(published).toEqual(['balancer']);
    expect(services.store.networks).toEqual(['store']);
    expect(services.balancer.networks).toEqual(['front']);
    expect(networks['store']?.internal).toBe(true);
    expect(manifest('NetworkPolicy/limpid-store').spec).toMatchObject({
      ingress: [
        { from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'limpid-backend' } } }] } as unknown,
      ],
    });
  });

  test('the replicas can be reached by the Ingress and by who scrapes them alone', () => {
    const named = (name: string) => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': `your-${name}-namespace` } },
    });
    expect(manifest('NetworkPolicy/limpid-backend').spec).toEqual({
      podSelector: manifest('Deployment/limpid-backend').spec['selector'],
      policyTypes: ['Ingress'],
      ingress: [{ from: [named('ingress'), named('monitoring')], ports: [{ port: 'http' }] }],
    });
    expect(compose.networks['front']?.name).toBe('limpid-front');
    expect(readme).toContain('`limpid-front`');
  });

  test('others may read what the steps of the README put beside compose.yaml', () => {
    const readable = /^chmod -R a\+rX ([^#]*)#/m.exec(readme)?.[1]?.trim().split(' ') ?? [];
    const mounted = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes);
    const sources = mounted.map((volume) => volume.split(':')[0]!.replace('./', ''));
    const covered = (source: string) =>
      readable.some((each) => each === source || (each.endsWith('/*') && source.startsWith(each.slice(0, -1))));
    expect(sources.length).toBeGreaterThan(5);
    expect(sources.filter((source) => !covered(source))).toEqual([]);
  });

  test.each(['Deployment/limpid-backend', 'Deployment/limpid-store'])('%s', (key) => {
    const container = containerOf(key);
    expect(podOf(key).securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.resources).toMatchObject({ requests: { memory: expect.any(String) } });
  });
});

test('everybody waits for longer than what they wait for takes', () => {
  const finishSeconds = defaultFinishWithinMs / 1000;
  const composeSeconds = secondsOf(replica.stop_grace_period);
  const podSeconds = podOf('Deployment/limpid-backend').terminationGracePeriodSeconds;
  expect(composeSeconds).toBeGreaterThan(Number(replica.environment?.['DRAIN_DELAY_SECONDS']) + finishSeconds);
  expect(podSeconds).toBeGreaterThan(Number(podVariables['DRAIN_DELAY_SECONDS']) + finishSeconds);

  const balancerSeconds = secondsOf(balancerSetting('timeout server'));
  const endSeconds = secondsOf(balancerSetting('hard-stop-after'));
  expect(balancerSeconds).toBeGreaterThan(finishSeconds);
  expect(endSeconds).toBeGreaterThan(balancerSeconds);
  expect(secondsOf(compose.services.balancer.stop_grace_period)).toBeGreaterThan(endSeconds);
});

test('the load balancer’s own errors are those of the server', () => {
  const end = /^ +setenv ERROR_END '(.*)'$/m.exec(haproxy)?.[1] ?? '';
  const lines = [
    ...haproxy.matchAll(/^ +http-error status (\d+) content-type (\S+) lf-string '(.*)'"\$\{ERROR_END\}"(.*)$/gm),
  ];
  const errors = lines.map(([, status, type, start = '', headers = '']) => {
    const { error } = JSON.parse((start + end).replace('%[unique-id]', 'an-id')) as { error: Record<string, unknown> };
    return { status: Number(status), type, error, headers };
  });
  expect(errors.map(({ status }) => status)).toEqual([400, 401, 404, 408, 500, 502, 503, 504]);
  expect([...haproxy.matchAll(/http-error /g)]).toHaveLength(errors.length);
  const kinds = { ...errorKinds, ...balancerErrorKinds };
  expect(errors.map(({ error }) => error['code'])).toEqual(expect.arrayContaining(Object.keys(balancerErrorKinds)));
  const nothing = { provider: null, upstreamStatus: null, class: null, requestId: 'an-id' };
  for (const { status, type, error, headers } of errors) {
    const { code, message, ...rest } = error;
    const kind = kinds[code as keyof typeof kinds];
    expect({ type, status, rest }).toEqual({
      type: 'application/json',
      status: kind.status,
      rest: { retryable: kind.retryable, ...nothing },
    });
    const [before = '', after = ''] = kind.message.split(/\{\w+\}/);
    expect(String(message).startsWith(before) && String(message).endsWith(after)).toBe(true);
    expect(headers.includes('WWW-Authenticate')).toBe(status === 401);
  }
});

test('both files run the same two replicas with the same store', () => {
  expect({ ...compose.services['backend-b'], build: replica.build }).toEqual(replica);
  expect(replica.build).toEqual({ context: '..', dockerfile: 'deploy/Dockerfile' });
  expect(replica.image).toBe(`limpid-backend:${packageFile.version}`);
  expect(deployed.image).toBe(`registry.example.com/${replica.image}`);
  expect(manifest('Deployment/limpid-backend').spec['replicas']).toBe(2);
  const store = containerOf('Deployment/limpid-store');
  expect(store.image).toBe(compose.services.store.image);
  expect(store.args).toEqual(compose.services.store.command);
});

describe('the configuration', () => {
  const sample = readFileSync(join(root, 'deploy/backend.sample.json'), 'utf8');

  /** The secrets as files, as a container gets them. */
  function variablesFor(values: Record<string, string>): NodeJS.ProcessEnv {
    const licence = Buffer.from(JSON.stringify({ api_key: 'sample-key' })).toString('base64');
    const texts: Record<string, string> = {
      AIC_SDK_LICENSE_FILE: `${licence}.${licence}`,
      REDIS_URL_FILE: 'redis://:password@store:6379',
    };
    const entries = Object.entries(values).map(([name, value]) => {
      if (!name.endsWith('_FILE')) return [name, value];
      const path = join(folder, name);
      writeFileSync(path, texts[name] ?? 'sample-key-of-a-vendor');
      return [name, path];
    });
    return Object.fromEntries(entries);
  }

  test('of kubernetes.yaml and of the README is the sample', () => {
    const section = readme.slice(readme.indexOf('## A token backend of your own'));
    expect(JSON.parse(/```json\n(.*?)```/s.exec(section)?.[1] ?? '')).toEqual(JSON.parse(sample));
    expect(JSON.parse(manifest('ConfigMap/limpid-backend').data?.['backend.json'] ?? '')).toEqual(JSON.parse(sample));
  });

  test.each([
    ['compose.yaml', replica.environment ?? {}],
    ['kubernetes.yaml', podVariables as Record<string, string>],
  ])('of %s is valid with the sample', async (_, values) => {
    const path = join(folder, 'backend.json');
    writeFileSync(path, sample);
    const configuration = await loadConfiguration({
      path: null,
      variables: { ...variablesFor(values), LIMPID_TOKENS_CONFIG: path },
    });
    expect(Object.entries(configuration.providers).filter(([, provider]) => provider === null)).toEqual([]);
    expect(configuration.listen).toEqual({ host: '0.0.0.0', port: 8787 });
    expect(configuration.limits.redisUrl).toMatch(/^redis:/);
    expect(configuration.drainDelayMs).toBe(Number(values['DRAIN_DELAY_SECONDS']) * 1000);
  });
});
