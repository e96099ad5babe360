// @ts-check
import { join, resolve } from 'node:path';

/**
 * One run of electron-builder.
 * @typedef {object} Run
 * @property {string[]} options of its command line
 * @property {string[]} removes files that must be gone before it
 */

/**
 * @typedef {object} Plan
 * @property {string} outputFolder full path
 * @property {string | null} feedUrl
 * @property {Run[]} runs in this order
 */

const outputOption = '-c.directories.output=';
/** With one of these the caller says himself what is made, … */
const choosing = /^(--dir|-[mwo]|-[lmwo]{2,}|--(mac|macos|win|windows|prepackaged|pd))(=|$)/;
/** … also with this one, when the name of a target follows it. */
const linuxOption = /^(-l|--linux)(=|$)/;

/**
 * What electron-builder is called with.
 * Throws where the feed is no https address.
 * @param {object} wish
 * @param {string[]} wish.asked arguments of the caller
 * @param {NodeJS.ProcessEnv} wish.environment
 * @param {string} wish.platform as `process.platform`
 * @param {string} wish.root of the project
 * @returns {Plan}
 */
export function planPackaging({ asked, environment, platform, root }) {
  const setting = (/** @type {string} */ name) => environment[name]?.trim() || null;
  const feedUrl = setting('LIMPID_UPDATES_URL');
  const electronDist = setting('LIMPID_ELECTRON_DIST');
  const output = asked.findLast((arg) => arg.startsWith(outputOption))?.slice(outputOption.length) ?? 'dist';
  const outputFolder = resolve(root, output);
  const options = [
    ...asked,
    // Uploading is for the release workflow, after everything was looked at.
    ...(asked.some((arg) => /^(-p|--publish)\b/.test(arg)) ? [] : ['--publish=never']),
    `-c.extraMetadata.homepage=${homepage(setting)}`,
    ...feedOptions(feedUrl),
    ...(electronDist ? [`-c.electronDist=${resolve(electronDist)}`] : []),
  ];
  const isUsual = (/** @type {string} */ arg, /** @type {number} */ index) =>
    !choosing.test(arg) && (!linuxOption.test(arg) || isAlone(asked, index));
  if (platform !== 'linux' || !asked.every(isUsual)) return { outputFolder, feedUrl, runs: [{ options, removes: [] }] };
  const rest = options.filter((arg) => !linuxOption.test(arg));
  // Both at once pack the same folder, where the Debian package leaves word that the system brings new versions; and the list of
  // new versions shall name the AppImage, the one that takes them.
  const folder = join(outputFolder, 'linux-unpacked');
  const runs = [
    { options: ['--linux', 'deb', ...rest], removes: [] },
    {
      options: ['--linux', 'AppImage', '--prepackaged', folder, ...rest],
      removes: ['package-type', 'apparmor-profile'].map((name) => join(folder, 'resources', name)),
    },
  ];
  return { outputFolder, feedUrl, runs };
}

/**
 * Whether no target follows an option.
 * @param {string[]} asked
 * @param {number} index
 */
const isAlone = (asked, index) => !asked[index]?.includes('=') && /^-|^$/.test(asked[index + 1] ?? '');

/** @param {(name: string) => string | null} setting */
function homepage(setting) {
  const [server, repository] = [setting('GITHUB_SERVER_URL'), setting('GITHUB_REPOSITORY')];
  // Debian's packager wants one; this name belongs to nobody, by RFC 2606.
  return setting('LIMPID_HOMEPAGE') ?? (server && repository ? `${server}/${repository}` : 'https://limpid.invalid');
}

/**
 * The feed ends up in the package, as app-update.yml.
 * @param {string | null} url
 */
function feedOptions(url) {
  if (url === null) return [];
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') {
    throw new Error(`LIMPID_UPDATES_URL is "${url}"; give an address that begins with https://.`);
  }
  return ['-c.publish.provider=generic', `-c.publish.url=${url}`];
}
