import { log } from '../src/cli/output.js';
import { hasSoundServer, VirtualSoundCard } from '../src/main/demo/virtualSoundCard.js';

/**
 * Starts a virtual sound card for a bench, which stops it at its end. SIGINT and SIGTERM stop the card and end the bench, with
 * 130; without a sound server on the machine it ends here, with 1.
 */
export async function startSoundCard(bench: string): Promise<VirtualSoundCard> {
  if (!hasSoundServer()) {
    log(`${bench} needs the programs of PulseAudio (Linux): apt-get install pulseaudio pulseaudio-utils`);
    process.exit(1);
  }
  const card = await VirtualSoundCard.start();
  const stopCard = (): void => void card.stop().finally(() => process.exit(130));
  process.once('SIGINT', stopCard);
  process.once('SIGTERM', stopCard);
  return card;
}
