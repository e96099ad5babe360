import { openSettings } from '../settings/settings.js';
import { Licensing, type LicensingOptions } from './licensing.js';

/**
 * Does one piece of work with the settings of a file (undefined: the user's own) and everything behind the licensed engine, and closes
 * both when it has ended, whatever came of it. Without `native` there is no engine, only policy, backend, credentials and files.
 */
export async function withLicensing<Value>(
  configPath: string | undefined,
  native: LicensingOptions['native'],
  work: (licensing: Licensing) => Promise<Value>,
  { openSignInPage }: Pick<LicensingOptions, 'openSignInPage'> = {},
): Promise<Value> {
  const settings = await openSettings(configPath);
  const licensing = await Licensing.open({ native, settings, openSignInPage });
  try {
    return await work(licensing);
  } finally {
    await licensing.dispose().finally(() => settings.flush());
  }
}
