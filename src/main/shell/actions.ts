import type { GlobalAction } from '../../shared/desktop.js';
import type { Services } from '../services.js';
import { isOn } from './trayFace.js';

/** What keys, tray and command line can do, whether a window is there or not. */
export interface Actions {
  perform(action: GlobalAction): void;
  /** Switches on, for a start of Limpid that asks for it. */
  switchOn(): void;
}

/**
 * @param showWindow brings the window to the front; also when switching on has a question, or cannot be done at all
 * @param report hears of errors nobody foresaw
 */
export function createActions(
  services: Pick<Services, 'handlers' | 'startPatiently'>,
  showWindow: () => void,
  report: (error: unknown) => void,
): Actions {
  const { handlers } = services;

  const switchOn = async (start: () => Promise<unknown>): Promise<void> => {
    // What went wrong is in the state, for the window to tell.
    const isStarted = await start().then(
      () => true,
      () => false,
    );
    const { question } = await handlers['state.get'](undefined);
    if (question || !isStarted) showWindow();
  };

  const perform: Record<GlobalAction, () => Promise<void>> = {
    show: async () => showWindow(),
    toggle: async () => {
      // Also while a question waits: what is about to start is switched off, and the question with it.
      if (isOn(await handlers['state.get'](undefined))) await handlers['live.stop'](undefined);
      else await switchOn(() => handlers['live.start'](undefined));
    },
    bypass: async () => {
      const { bypass } = await handlers['state.get'](undefined);
      await handlers['live.setBypass']({ bypass: !bypass });
    },
  };

  return {
    perform: (action) => void perform[action]().catch(report),
    switchOn: () => void switchOn(() => services.startPatiently()).catch(report),
  };
}
