import { LimpidError } from '../../shared/errors.js';

const pages: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'x-apple.systempreferences:com.apple.preference.security?Privacy_Microphone',
  win32: 'ms-settings:privacy-microphone',
};

/** Address of the system's page where a person allows the microphone; throws `permission.no-settings` where there is none. */
export function microphoneSettingsPage(platform: NodeJS.Platform): string {
  const page = pages[platform];
  if (!page) throw new LimpidError('permission.no-settings');
  return page;
}
