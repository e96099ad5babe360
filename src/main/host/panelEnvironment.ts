import type { HostEnvironment } from '../services.js';
import { requireHelpLink } from './helpLinks.js';
import { microphoneSettingsPage } from './microphoneSettingsPage.js';
import { openWithSystem } from './openWithSystem.js';

/**
 * What the panel's process offers the services. Links open in the browser of this computer.
 * A process without a window cannot ask for the microphone: where the system has such a question, it asks for the terminal itself.
 */
export function createPanelEnvironment(configPath?: string): HostEnvironment {
  return {
    host: 'panel',
    ...(configPath === undefined ? {} : { configPath }),
    openExternal: async (url) => openWithSystem(requireHelpLink(url)),
    microphone: {
      status: () => 'not-needed',
      request: async () => 'not-needed',
      openSettings: async () => openWithSystem(microphoneSettingsPage(process.platform)),
    },
  };
}
