import type { Command } from 'commander';
import { startPanel } from '../../main/host/panel.js';
import { createPanelEnvironment } from '../../main/host/panelEnvironment.js';
import {
  findRunningPanel,
  panelFilePath,
  removePanelFile,
  requestNewLink,
  writePanelFile,
} from '../../main/host/panelFile.js';
import { findRendererRoot } from '../../main/host/rendererFiles.js';
import { defaultLogPath, watchForMishaps } from '../../main/mishaps.js';
import { createServices } from '../../main/services.js';
import { defaultSettingsPath } from '../../main/settings/settings.js';
import { startAtLaunch } from '../../main/startAtLaunch.js';
import { LimpidError } from '../../shared/errors.js';
import { describe } from '../../shared/messages/index.js';
import { waitForInterrupt } from '../interrupt.js';
import { openPrivately } from '../openPrivately.js';
import { configOption, jsonOption, portOption } from '../options.js';
import { fail, printJson, printLine } from '../output.js';

interface PanelCommandOptions {
  port: number;
  config?: string;
  open?: boolean;
  newLink?: boolean;
  json?: boolean;
}

/** Adds `limpid panel`: the window of the app in browsers of this computer, until Ctrl-C. */
export function registerPanel(program: Command): void {
  program
    .command('panel')
    .description('Show the app in a browser of this computer (127.0.0.1 only) until Ctrl-C.')
    .addOption(portOption().default(0, 'a free one'))
    .option('--open', 'open the address in the browser')
    .option('--new-link', 'print another link of the panel that runs, for one more browser')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  limpid panel --port 8123 --open')
    .action(async (options: PanelCommandOptions) => {
      const filePath = panelFilePath(options.config ?? defaultSettingsPath());
      if (options.newLink) await announce(await requestNewLink(filePath), filePath, options);
      else await runPanel(filePath, options);
    });
}

async function runPanel(filePath: string, options: PanelCommandOptions): Promise<void> {
  const runningPort = await findRunningPanel(filePath);
  if (runningPort !== null) throw new LimpidError('panel.running', { port: runningPort });

  const mishaps = watchForMishaps({ logPath: defaultLogPath() });
  const services = await createServices({ ...createPanelEnvironment(options.config), mishaps });
  try {
    const report = (error: unknown): void => {
      fail(error);
      mishaps.record(error);
    };
    const panel = await startPanel({ services, rendererRoot: findRendererRoot(), port: options.port, report });
    const interrupted = waitForInterrupt();
    void startAtLaunch(services);
    try {
      await writePanelFile(filePath, panel);
      await announce(panel.createLinkUrl(), filePath, options);
      await interrupted;
    } finally {
      await removePanelFile(filePath);
      await panel.close();
    }
  } finally {
    await services.dispose();
    mishaps.stop();
  }
}

/** Prints the link; opens it where that was asked for. */
async function announce(url: string, filePath: string, { json, open }: PanelCommandOptions): Promise<void> {
  const ready = describe({ code: 'panel.ready', params: { url } });
  if (json) printJson({ url });
  else printLine(`${ready.message}\n${ready.hint}`);
  if (!open) return;
  await openPrivately(url, `${filePath}.html`).catch((cause: unknown) =>
    fail(new LimpidError('panel.not-opened', {}, { cause })),
  );
}
