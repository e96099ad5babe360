import { join } from 'node:path';
import { createPanelEnvironment } from '../../src/main/host/panelEnvironment.js';
import { createServices, type Services } from '../../src/main/services.js';

/** The app without a window, with its settings in `folder`. Nothing of the desktop is opened. */
export const openServices = (folder: string): Promise<Services> =>
  createServices({
    ...createPanelEnvironment(join(folder, 'settings.json')),
    openExternal: async () => undefined,
    openFolder: async () => undefined,
  });
