import type { AppState } from '../../shared/state.js';
import type { Services } from '../services.js';
import type { LoginItem } from './loginItem.js';

/**
 * Brings preference and system together. At the start the system is right, where a person may have changed it meanwhile, unless
 * the administrator fixed it, or had: then the person's own wish comes back once it counts again. From then on what is changed in
 * Limpid. Returns what follows each state.
 * @param changed hears when `view` may be another one
 */
export async function followLoginItem(
  loginItem: LoginItem,
  services: Pick<Services, 'handlers'>,
  first: AppState,
  changed: () => void,
): Promise<(state: AppState) => void> {
  const isLocked = ({ policy }: AppState): boolean => policy.locked.includes('startsAtLogin');
  const write = (isOn: boolean): void => void loginItem.write(isOn).then(changed);
  const found = await loginItem.read();
  let known = first.preferences.startsAtLogin;
  // Nobody switched off what is not there: the program was moved, or the settings come from another computer.
  const isInSystem = found === 'absent' ? known && !isLocked(first) : found;
  if (isInSystem !== null && isInSystem !== known) {
    if (isLocked(first) || loginItem.isFixed()) {
      await loginItem.markFixed(isLocked(first));
      write(known);
    } else {
      known = isInSystem;
      // Where the settings cannot be written it still holds until Limpid ends.
      await services.handlers['settings.change']({ startsAtLogin: isInSystem }).catch(() => undefined);
    }
  } else if (isInSystem) {
    // The program may have been moved since.
    write(true);
  }
  // What a policy fixed as it was anyway is the person's own, as before.
  if (!isLocked(first)) await loginItem.markFixed(false);
  let wasLocked = isLocked(first);
  return (state) => {
    const { startsAtLogin } = state.preferences;
    if (wasLocked && !isLocked(state)) void loginItem.markFixed(false);
    wasLocked = isLocked(state);
    if (startsAtLogin === known) return;
    known = startsAtLogin;
    if (wasLocked) void loginItem.markFixed(true);
    write(known);
  };
}
