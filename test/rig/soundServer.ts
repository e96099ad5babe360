import { hasSoundServer, VirtualSoundCard } from '../../src/main/demo/virtualSoundCard.js';

export * from '../../src/main/demo/virtualSoundCard.js';

/** Why the tests of the sound server cannot run here, or null when they can. For `describe.skipIf`. */
export const noSoundServerReason: string | null = hasSoundServer()
  ? null
  : 'no private sound server: install pulseaudio and pulseaudio-utils (Linux)';

/**
 * Starts a private sound server and makes it the one that this process uses, by its environment variables.
 * `close` ends the server and puts the environment back.
 */
export async function openRig(): Promise<{ card: VirtualSoundCard; close: () => Promise<void> }> {
  const card = await VirtualSoundCard.start();
  const leave = card.enter();
  return {
    card,
    close: async () => {
      leave();
      await card.stop();
    },
  };
}
