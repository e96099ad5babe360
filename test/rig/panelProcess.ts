import { join } from 'node:path';
import { expect } from 'vitest';
import { appState, liveNumbers, type AppState, type LiveNumbers } from '../../src/shared/state.js';
import { startCli, type RunningCli } from '../cli/runCli.js';
import { cookieOf, exchange, PanelClient } from '../main/host/panelClient.js';

export const soon = { timeout: 30_000, interval: 50 };

/** `limpid panel` as a process of its own, with a window's socket to it. */
export class PanelProcess {
  #lastId = 0;

  private constructor(
    readonly cli: RunningCli,
    private readonly client: PanelClient,
  ) {}

  /** Its files go into `folder`; `preload` is a script that runs in the process before everything else. */
  static async start(folder: string, preload: string): Promise<PanelProcess> {
    const cli = startCli(['panel', '--json'], {
      LIMPID_CONFIG: join(folder, 'settings.json'),
      XDG_STATE_HOME: folder,
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(preload)}`,
    });
    try {
      await expect.poll(() => cli.stdout, soon).toContain('url');
      const { url } = JSON.parse(cli.stdout) as { url: string };
      const { port, origin } = new URL(url);
      const client = await PanelClient.open(Number(port), { origin, cookie: cookieOf(await exchange(url)) });
      return new PanelProcess(cli, client);
    } catch (error) {
      cli.child.kill('SIGKILL');
      throw error;
    }
  }

  async call<Value>(name: string, argument?: unknown): Promise<Value> {
    const answer = (await this.client.call((this.#lastId += 1), name, argument)) as { ok: boolean; value: Value };
    expect([name, answer.ok]).toEqual([name, true]);
    return answer.value;
  }

  async state(): Promise<AppState> {
    return appState.parse(await this.call('state.get'));
  }

  /** The measurement that came last; undefined before the first. */
  get numbers(): LiveNumbers | undefined {
    const measured = this.client.heard.findLast(
      (message) => 'event' in message && message.event === 'numbers.measured',
    );
    return measured && 'payload' in measured ? liveNumbers.parse(measured.payload) : undefined;
  }

  /** Switches the sound on, from the rig's microphone to its output. */
  async switchOn(): Promise<void> {
    await this.call('devices.choose', { direction: 'input', id: 'pulse:mic_feed.monitor' });
    await this.call('devices.choose', { direction: 'output', id: 'pulse:enhanced' });
    await this.call('live.start');
    await this.soundGoesOn();
  }

  /** Resolves when more sound was enhanced. */
  async soundGoesOn(): Promise<void> {
    const blocks = () => this.numbers?.counters.blocksEnhanced ?? 0;
    await expect.poll(blocks, soon).toBeGreaterThan(blocks() + 20);
  }

  /** Ends it as Ctrl-C does; resolves with its exit code. */
  async interrupt(): Promise<number | null> {
    this.client.socket.close();
    this.cli.child.kill('SIGINT');
    return (await this.cli.ended).exitCode;
  }

  async kill(): Promise<void> {
    this.cli.child.kill('SIGKILL');
    await this.cli.ended;
  }
}
