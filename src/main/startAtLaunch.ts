import type { Services } from './services.js';

/** Switches the sound on where the person wants that at each start of Limpid. What is wrong with it stands in the state, as for any other start. */
export async function startAtLaunch({ handlers }: Pick<Services, 'handlers'>): Promise<void> {
  const { preferences } = await handlers['state.get'](undefined);
  if (!preferences.startsAtLaunch) return;
  await handlers['live.start'](undefined).catch(() => undefined);
}
