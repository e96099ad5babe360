import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { environmentOf, readDockerfile, root, wordsOf, type Stage } from '../backend/deploymentFiles.js';

/** What `docker build` would have made of our Dockerfile, without the base image: a folder, and how to run it. */
export interface ContainerImage {
  folder: string;
  environment: Record<string, string>;
  command: string[];
  healthCheck: string[];
  uid: number;
  gid: number;
  /** Makes it possible to remove the folder. */
  unlock(): void;
}

/** A process that was started, and what it has said so far on both streams. */
export interface RunningContainer {
  child: ChildProcess;
  log: string;
  /** Exit code; null: ended by a signal. */
  ended: Promise<number | null>;
}

const isRoot = process.getuid?.() === 0;

/** As whom containers run here: only root can become somebody else. */
export const containerUser = isRoot ? 'as the user of the image' : 'as oneself, for want of root';

/**
 * Runs the commands of the first stage on its copies of the project's files, then lays out the second stage, read-only.
 * `folder` is empty. npm takes what its cache has.
 */
export async function buildImage(folder: string): Promise<ContainerImage> {
  const { build, image } = readDockerfile();
  const roots = { build: join(folder, 'stage-build'), image: join(folder, 'stage-image') };
  await layOut(build, roots.build, root);
  const workFolder = await layOut(image, roots.image, roots.build);
  setModes(roots.image, { file: 0o444, folder: 0o555 });
  const [uid = 0, gid = 0] = (wordsOf(image, 'USER')[0] ?? '').split(':').map(Number);
  return {
    folder: workFolder,
    environment: environmentOf(image),
    command: wordsOf(image, 'CMD'),
    healthCheck: wordsOf(image, 'HEALTHCHECK'),
    uid,
    gid,
    unlock: () => setModes(roots.image, { file: 0o644, folder: 0o755 }),
  };
}

/** Follows WORKDIR, COPY (out of `from`) and RUN; returns the working folder at the end. */
async function layOut(stage: Stage, stageRoot: string, from: string): Promise<string> {
  let workFolder = stageRoot;
  for (const { name, words } of stage.instructions) {
    if (name === 'WORKDIR') {
      workFolder = join(stageRoot, words[0] ?? '');
      mkdirSync(workFolder, { recursive: true });
    } else if (name === 'COPY') {
      const target = words.at(-1) ?? '';
      for (const source of words.slice(0, -1)) {
        const place = target.endsWith('/') ? join(target, basename(source)) : target;
        cpSync(join(from, source), resolve(workFolder, place), { recursive: true });
      }
    } else if (name === 'RUN') {
      await promisify(execFile)('sh', ['-c', words.join(' ')], { cwd: workFolder, env: buildEnvironment() });
    }
  }
  return workFolder;
}

/** Of a shell: what npm and Vitest have set for this run is not for the build. */
function buildEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(NODE_|VITEST|npm_(package|lifecycle)_|INIT_CWD)/.test(name),
  );
  return { ...Object.fromEntries(kept), npm_config_prefer_offline: 'true' };
}

function setModes(path: string, modes: { file: number; folder: number }): void {
  chmodSync(path, modes.folder);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) setModes(inside, modes);
    else chmodSync(inside, modes.file);
  }
}

/**
 * Starts a program as a container would: none of our variables, no privileges and no way to get any, as `uid` and `gid`
 * where this process may choose. It ends with this process.
 */
export function startContainer(
  command: string[],
  options: { folder: string; environment?: NodeJS.ProcessEnv; uid: number; gid: number },
): RunningContainer {
  const { folder, environment = {}, uid, gid } = options;
  const program = command.map((word, index) => (index === 0 && word === 'node' ? process.execPath : word));
  const become = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--inh-caps=-all', '--bounding-set=-all'];
  const child = spawn('setpriv', [...(isRoot ? become : []), '--no-new-privs', '--pdeathsig=KILL', ...program], {
    cwd: folder,
    // Only root has the folder of servers on its PATH.
    env: { PATH: `${process.env['PATH']}:/usr/sbin`, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const container: RunningContainer = {
    child,
    log: '',
    ended: new Promise((done, failed) => {
      child.on('error', failed);
      child.on('close', (exitCode) => done(exitCode));
    }),
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (container.log += text));
  }
  return container;
}
