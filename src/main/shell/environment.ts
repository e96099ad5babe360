import type { Session, Shell, SystemPreferences } from 'electron';
import { LimpidError } from '../../shared/errors.js';
import type { AppState } from '../../shared/state.js';
import { requireSignInPage } from '../auth/signInAddress.js';
import { requireHelpLink } from '../host/helpLinks.js';
import { microphoneSettingsPage } from '../host/microphoneSettingsPage.js';
import type { HostEnvironment } from '../services.js';

type Permission = AppState['microphonePermission'];

/** What Electron offers the services: the system's browser for help links, the question for the microphone, and the system's proxy. */
export function createElectronEnvironment(
  shell: Pick<Shell, 'openExternal'>,
  systemPreferences: Pick<SystemPreferences, 'getMediaAccessStatus' | 'askForMediaAccess'>,
  platform: NodeJS.Platform,
  session: Pick<Session, 'resolveProxy'>,
): HostEnvironment {
  const status = (): Permission => {
    if (platform !== 'darwin' && platform !== 'win32') return 'not-needed';
    return permissions[systemPreferences.getMediaAccessStatus('microphone')];
  };
  const open = async (url: string): Promise<void> => {
    await shell.openExternal(url).catch(() => {
      throw new LimpidError('link.cannot-open', { url });
    });
  };
  return {
    host: 'electron',
    openExternal: async (url) => open(requireHelpLink(url)),
    openSignInPage: async (url) => {
      const page = requireSignInPage(url);
      // What the system says of it may hold the address.
      await shell.openExternal(page).catch(() => {
        throw new LimpidError('signIn.not-opened');
      });
    },
    network: { resolveProxy: (url) => session.resolveProxy(url) },
    microphone: {
      status,
      request: async () => {
        if (platform !== 'darwin' || status() !== 'undetermined') return status();
        return (await systemPreferences.askForMediaAccess('microphone')) ? 'granted' : 'denied';
      },
      openSettings: async () => open(microphoneSettingsPage(platform)),
    },
  };
}

const permissions: Record<ReturnType<SystemPreferences['getMediaAccessStatus']>, Permission> = {
  granted: 'granted',
  denied: 'denied',
  restricted: 'denied',
  'not-determined': 'undetermined',
  unknown: 'undetermined',
};
