import type { Services } from './services.js';

/**
 * Switches the sound on where the person wants that at each start of Limpid. Right after a login devices and the sound server may
 * not be there yet, so it is tried again; what is wrong stands in the state.
 */
export async function startAtLaunch({ handlers, startPatiently }: Pick<Services, 'handlers' | 'startPatiently'>) {
  const { preferences } = await handlers['state.get'](undefined);
  if (!preferences.startsAtLaunch) return;
  await startPatiently().catch(() => undefined);
}
