import { fork } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What was read, loaded or started on the way; times in ms since the start of the process. */
export interface Span {
  kind: 'addon' | 'native' | 'process' | 'process (waited for)' | 'file';
  what: string;
  startMs: number;
  /** Null: still under way when the look ended. */
  tookMs: number | null;
}

/** In ms. */
export interface Marks {
  /** Node runs our first line. */
  node: number;
  /** All modules of the entry are read and evaluated; Electron may be ready. Absent for the panel. */
  modules?: number;
  /** The services are there, the window is made. Absent for the panel. */
  services?: number;
  /** The window is told its page; for the panel its link is printed. */
  window: number;
}

/** One start: when each step had ended, in ms since the start of the process. */
export interface Start {
  marks: Marks;
  /** Processor time used by then, ms, which a busy machine does not stretch. */
  cpu: Marks;
  spans: Span[];
  rssMb: number;
  heapMb: number;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const longestMs = 60_000;

/**
 * The built app in a folder of its own, as it lies in a package, with a stand-in where its program would find Electron.
 * @param root folder of a project that is built
 */
export class PackagedApp {
  private constructor(
    readonly folder: string,
    readonly root: string,
  ) {}

  static async make(root: string): Promise<PackagedApp> {
    if (!existsSync(join(root, 'out/main/index.js'))) throw new Error(`${root} is not built: npm run build:app`);
    const app = new PackagedApp(await mkdtemp(join(tmpdir(), 'limpid-startup-')), root);
    const at = (path: string): string => join(app.folder, 'app', path);
    mkdirSync(at('node_modules/electron'), { recursive: true });
    mkdirSync(at('native/build'), { recursive: true });
    cpSync(join(root, 'out'), at('out'), { recursive: true });
    cpSync(join(root, 'package.json'), at('package.json'));
    for (const name of ['keytar', 'undici']) symlinkSync(join(root, 'node_modules', name), at(`node_modules/${name}`));
    symlinkSync(join(root, 'native/build/Release'), at('native/build/Release'));
    cpSync(join(here, 'electron.mjs'), at('node_modules/electron/index.mjs'));
    const stand = { name: 'electron', version: '0.0.0', type: 'module', main: 'index.mjs' };
    writeFileSync(at('node_modules/electron/package.json'), JSON.stringify(stand));
    return app;
  }

  /** Starts its main process, or the panel, with settings of its own, until the window (or the link) was asked for. */
  async start(what: 'main' | 'panel', environment: NodeJS.ProcessEnv): Promise<Start> {
    const folder = await mkdtemp(join(this.folder, 'run-'));
    const settingsPath = join(folder, 'settings.json');
    writeFileSync(settingsPath, JSON.stringify({ welcomed: true, looksForUpdates: false }));
    const [program, args] = what === 'main' ? ['index.js', []] : ['cli.js', ['panel', '--json']];
    const child = fork(join(this.folder, 'app/out/main', program), args, {
      execArgv: ['--import', join(here, 'probe.mjs')],
      env: { ...environment, LIMPID_STARTUP_FOLDER: folder, LIMPID_CONFIG: settingsPath, XDG_STATE_HOME: folder },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    try {
      return await new Promise<Start>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no window after ${longestMs} ms`)), longestMs);
        child.once('message', (message) => {
          clearTimeout(timer);
          resolve(message as Start);
        });
        child.once('exit', (code) => reject(new Error(`the program ended before its window: ${code}`)));
      });
    } finally {
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    }
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
