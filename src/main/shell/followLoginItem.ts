import type { AppState } from '../../shared/state.js';
import type { Services } from '../services.js';
import type { LoginItem } from './loginItem.js';

/**
 * Brings preference and system together. At the start the system is right, where a person may have changed it meanwhile, unless
 * the administrator fixed it; from then on what is changed in Limpid. Returns what follows each state.
 * @param changed hears when `view` may be another one
 */
export async function followLoginItem(
  loginItem: LoginItem,
  services: Pick<Services, 'handlers'>,
  first: AppState,
  changed: () => void,
): Promise<(state: AppState) => void> {
  const write = (isOn: boolean): void => void loginItem.write(isOn).then(changed);
  const isInSystem = await loginItem.read();
  let known = first.preferences.startsAtLogin;
  if (isInSystem !== null && isInSystem !== known) {
    if (first.policy.locked.includes('startsAtLogin')) write(known);
    else {
      known = isInSystem;
      // Where the settings cannot be written it still holds until Limpid ends.
      await services.handlers['settings.change']({ startsAtLogin: isInSystem }).catch(() => undefined);
    }
  } else if (isInSystem) {
    // The program may have been moved since.
    write(true);
  }
  return ({ preferences }) => {
    if (preferences.startsAtLogin === known) return;
    known = preferences.startsAtLogin;
    write(known);
  };
}
