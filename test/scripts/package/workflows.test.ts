import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = join(root, '.github/workflows');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

interface Step {
  name?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}
interface Job {
  permissions?: Record<string, string>;
  'timeout-minutes'?: number;
  needs?: string;
  environment?: string;
  strategy?: { matrix: { include: Record<string, string>[] } };
  steps: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const read = (name: string): Workflow => parse(readFileSync(join(folder, name), 'utf8')) as Workflow;
const jobsOf = (workflow: Workflow): Job[] => Object.values(workflow.jobs);
const stepsOf = (workflow: Workflow): Step[] => jobsOf(workflow).flatMap(({ steps }) => steps);

describe.each(readdirSync(folder))('the workflow %s', (name) => {
  const workflow = read(name);

  test('runs nobody else’s code with rights of ours', () => {
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
    expect(Object.keys(workflow.on)).not.toContain('workflow_run');
  });

  test('may only read, and ends some time', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(jobsOf(workflow).every((job) => (job['timeout-minutes'] ?? Infinity) <= 60)).toBe(true);
  });

  test('takes actions by their commit, with the tag beside it, and leaves no credentials behind', () => {
    const text = readFileSync(join(folder, name), 'utf8');
    const uses = Array.from(text.matchAll(/uses: (.*)$/gm), ([, action = '']) => action);
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter((action) => !/^actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
    const checkouts = stepsOf(workflow).filter((step) => step.uses?.startsWith('actions/checkout@'));
    expect(checkouts.every((step) => step.with?.['persist-credentials'] === false)).toBe(true);
  });

  test('calls scripts that there are, and no text of others as a command', () => {
    const commands = stepsOf(workflow).flatMap(({ run }) => run ?? []);
    const called = commands.flatMap((run) =>
      Array.from(run.matchAll(/npm run ([\w:]+)/g), ([, script = '']) => script),
    );
    expect(called.filter((script) => !(script in scripts))).toEqual([]);
    const files = commands.flatMap((run) =>
      Array.from(run.matchAll(/node (scripts\/\S+)|^(\.ci\/run)/g), ([, a, b]) => a ?? b!),
    );
    expect(files.map((path) => readFileSync(join(root, path)).length > 0)).not.toContain(false);
    expect(commands.filter((run) => run.includes('${{'))).toEqual([]);
  });
});

describe('a release', () => {
  const workflow = read('release.yml');
  const { test: tested, package: packaged, draft } = workflow.jobs;

  test('begins with a tag, and waits for the tests', () => {
    expect(workflow.on).toEqual({ push: { tags: ['v*'] } });
    expect(tested?.steps.map(({ run }) => run)).toContain('.ci/run');
    expect([packaged?.needs, draft?.needs]).toEqual(['test', 'package']);
  });

  test('looks for known holes and at licences before anything is packaged', () => {
    const commands = tested?.steps.map(({ run }) => run);
    expect(commands).toEqual(expect.arrayContaining(['npm run audit', 'npm run licences']));
  });

  test('tests the app in Electron itself on each system', () => {
    const commands = packaged?.steps.map(({ run }) => run ?? '') ?? [];
    const at = (part: string): number => commands.findIndex((run) => run.includes(part));
    expect(at('electron/install.js')).toBeGreaterThan(at('scripts/setup.mjs'));
    expect(at('vitest run test/electron')).toBeGreaterThan(at('electron/install.js'));
    const step = packaged?.steps[at('vitest run test/electron')];
    expect(step?.env).toEqual({ LIMPID_NEEDS_ELECTRON: '1' });
    expect(step?.run).toContain('xvfb-run');
  });

  test.runIf(process.platform !== 'win32').each([
    ['v1.2.0', '', 0],
    ['v1.2.0-beta.1', 'https://updates.example.com/limpid', 0],
    ['v1.2.0-beta.1', '', 1],
  ])('of the tag %s with the feed “%s” ends with %i before anything is tested', (tag, feed, status) => {
    const step = tested?.steps.find(({ name }) => name?.includes('feed of its own'));
    const env = { PATH: process.env['PATH'], GITHUB_REF_NAME: tag, LIMPID_UPDATES_URL: feed };
    expect(spawnSync('bash', ['-e', '-c', step?.run ?? 'exit 9'], { env }).status).toBe(status);
  });

  test('packages on the three systems, macOS for both processors', () => {
    const made = packaged?.strategy?.matrix.include.map(({ system, arch }) => `${system} ${arch}`);
    expect(made).toEqual(['linux x64', 'windows x64', 'macos x64', 'macos arm64']);
  });

  test('shows secrets to nothing but the step that signs', () => {
    const steps = stepsOf(workflow).filter((step) => JSON.stringify(step).includes('secrets.'));
    expect(steps.map(({ name }) => name)).toEqual(['Package and sign']);
    expect(packaged?.environment).toBe('signing');
    const rest = JSON.stringify({ ...workflow, jobs: jobsOf(workflow).map(({ steps: _steps, ...job }) => job) });
    expect(rest).not.toContain('secrets');
  });

  test('may write to the repository only where nothing is built', () => {
    expect([tested?.permissions, packaged?.permissions]).toEqual([undefined, undefined]);
    expect(draft?.permissions).toEqual({ contents: 'write', 'id-token': 'write', attestations: 'write' });
    expect(draft?.steps.map(({ run }) => run)).toContain('npm ci --ignore-scripts');
  });

  test('is a draft with checksums, a list of parts and a proof of origin', () => {
    const commands = draft?.steps.flatMap(({ run, uses }) => run ?? uses ?? []).join('\n');
    expect(commands).toMatch(/gh release create .* --draft /);
    expect(commands).toContain('sha256sum -- * > ../SHA256SUMS');
    expect(commands).toContain('node scripts/sbom.mjs > release/');
    expect(commands).toContain('actions/attest-build-provenance@');
  });
});
