import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where Limpid keeps what it downloaded: `LIMPID_DATA_DIR`, else the folder of this user that the OS has for data that stays on one machine. */
export function defaultDataFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): string {
  if (environment['LIMPID_DATA_DIR']) return environment['LIMPID_DATA_DIR'];
  if (platform === 'win32') return join(environment['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'Limpid');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Limpid');
  return join(environment['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'limpid');
}
