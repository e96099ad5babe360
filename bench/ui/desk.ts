import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startPanel } from '../../src/main/host/panel.js';
import { createPanelEnvironment } from '../../src/main/host/panelEnvironment.js';
import { createServices, type Services } from '../../src/main/services.js';
import type { VirtualSoundCard } from '../../src/main/demo/virtualSoundCard.js';
import type { LiveNumbers } from '../../src/shared/state.js';
import { openBrowser } from '../../test/e2e/browser.js';
import { buildWindow } from '../../test/e2e/buildWindow.js';
import { deskHeadphones, deskMicrophone, TalkingDesk } from '../../test/e2e/talkingDesk.js';

/** A browser with the live screen, its spectrogram in view. */
export interface LiveScreen {
  browser: Browser;
  page: Page;
  close(): Promise<void>;
}

/** Room for the whole live screen. */
const viewport = { width: 1280, height: 1400 };
const soundIsOnWithinMs = 20_000;

/** The app behind a panel, with a voice before its microphone: real services, real loop, the virtual sound card. */
export class Desk {
  /** Answers to `live.spectra` so far: pictures that a window drew. */
  pictures = 0;
  private readonly closers: (() => Promise<unknown> | void)[] = [];
  private numbers: LiveNumbers | null = null;
  private services!: Services;
  private createLinkUrl!: () => string;

  private constructor() {}

  static async set(card: VirtualSoundCard): Promise<Desk> {
    const desk = new Desk();
    try {
      await desk.open(card);
      return desk;
    } catch (error) {
      await desk.close();
      throw error;
    }
  }

  private async open(card: VirtualSoundCard): Promise<void> {
    this.closers.push(card.enter());
    const talking = await TalkingDesk.set(card);
    this.closers.push(() => talking.fallSilent());
    const folder = await mkdtemp(join(tmpdir(), 'limpid-ui-'));
    this.closers.push(() => rm(folder, { recursive: true, force: true }));
    const settingsPath = join(folder, 'settings.json');
    await writeFile(settingsPath, JSON.stringify({ welcomed: true }));
    this.services = await createServices(createPanelEnvironment(settingsPath));
    this.closers.push(() => this.services.dispose());
    this.services.on('numbers.measured', (numbers) => (this.numbers = numbers));
    await this.choose('input', deskMicrophone);
    await this.choose('output', deskHeadphones);
    const window = await buildWindow();
    this.closers.push(() => window.remove());
    const panel = await startPanel({ services: this.counted(), rendererRoot: window.root, port: 0, report: raise });
    this.closers.push(() => panel.close());
    this.createLinkUrl = panel.createLinkUrl;
  }

  /** The services as the panel gets them, with an eye on how often a picture is asked for. */
  private counted(): Services {
    const { handlers } = this.services;
    const spectra: (typeof handlers)['live.spectra'] = (input) => {
      this.pictures += 1;
      return handlers['live.spectra'](input);
    };
    return { ...this.services, handlers: { ...handlers, 'live.spectra': spectra } };
  }

  private async choose(direction: 'input' | 'output', name: string): Promise<void> {
    const state = await this.services.handlers['state.get'](undefined);
    const device = state[direction].devices.find((candidate) => candidate.name === name);
    if (!device) throw new Error(`The virtual sound card shows no ${name}.`);
    await this.services.handlers['devices.choose']({ direction, id: device.id });
  }

  /** Switches the sound on and waits until it is. Load and under-runs count from here. */
  async switchOn(): Promise<void> {
    this.numbers = null;
    await this.services.handlers['live.start'](undefined);
    const deadlineMs = performance.now() + soundIsOnWithinMs;
    while ((await this.services.handlers['state.get'](undefined)).phase !== 'running' || this.numbers === null) {
      if (performance.now() > deadlineMs) throw new Error('The sound was not on in time.');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Switches the sound off; its last numbers. */
  async switchOff(): Promise<LiveNumbers> {
    const { numbers } = this;
    await this.services.handlers['live.stop'](undefined);
    if (!numbers) throw new Error('The loop gave no numbers.');
    return numbers;
  }

  async openScreen(): Promise<LiveScreen> {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport, colorScheme: 'light' });
      page.on('pageerror', raise);
      await page.goto(this.createLinkUrl());
      await page.getByRole('switch').waitFor();
      await page.locator('canvas').first().scrollIntoViewIfNeeded();
      return { browser, page, close: () => browser.close() };
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    for (const closer of this.closers.splice(0).toReversed()) await closer();
  }
}

function raise(error: unknown): never {
  throw error;
}
