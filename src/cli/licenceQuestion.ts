import { createInterface } from 'node:readline/promises';
import { LimpidError } from '../shared/errors.js';
import { describe } from '../shared/messages/index.js';
import { sdkLicenceUrl } from '../main/downloads/sdkArchive.js';
import { log } from './output.js';

/**
 * Shows where the vendor's licence is and asks for a yes on the terminal; `isAccepted` answers beforehand. Without a terminal
 * throws `sdk.licence-not-accepted`; a no throws `sdk.licence-declined`, an interrupt `cancelled`.
 */
export async function askForLicence(version: string, isAccepted: boolean, signal: AbortSignal): Promise<void> {
  const { message, hint } = describe({ code: 'sdk.licence-question', params: { version, url: sdkLicenceUrl } });
  if (!isAccepted && !process.stdin.isTTY) throw new LimpidError('sdk.licence-not-accepted', { url: sdkLicenceUrl });
  log(message);
  if (isAccepted) return;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  // The end of the input (Ctrl-D) is no answer, and no answer is a no.
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([terminal.question(`${hint} [y/N] `, { signal }), closed]);
    if (!/^y(es)?$/i.test(answer.trim())) throw new LimpidError('sdk.licence-declined');
  } catch (error) {
    throw signal.aborted ? new LimpidError('cancelled') : error;
  } finally {
    terminal.close();
  }
}
