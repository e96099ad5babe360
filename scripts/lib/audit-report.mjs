// @ts-check

/**
 * What `npm audit --json` says of one package.
 * @typedef {object} Vulnerability
 * @property {string} name
 * @property {string} severity `info`, `low`, `moderate`, `high`, `critical`
 * @property {string[]} nodes places in package-lock.json
 * @property {(string | { title?: string, url?: string })[]} via advisories, or names of packages that have one
 */

/** @typedef {{ name: string, severity: string, isShipped: boolean, reason: string }} Finding */
/** @typedef {{ ok: boolean, text: string }} Verdict */

const severities = ['info', 'low', 'moderate', 'high', 'critical'];
const gravest = (/** @type {string} */ severity) => severities.indexOf(severity);

/**
 * The advisories, what is shipped first, the gravest first.
 * @param {unknown} report what `npm audit --json` printed
 * @param {ReadonlySet<string>} shippedPlaces
 * @returns {Finding[]}
 * @throws {Error} when it is no report
 */
export function readFindings(report, shippedPlaces) {
  if (typeof report !== 'object' || report === null || !('vulnerabilities' in report))
    throw new Error(reasonOf(report));
  /** @type {Vulnerability[]} */
  const vulnerabilities = Object.values(report.vulnerabilities ?? {});
  return vulnerabilities
    .map(({ name, severity, nodes, via }) => ({
      name,
      severity,
      isShipped: nodes.some((place) => shippedPlaces.has(place)),
      reason: via
        .map((each) => (typeof each === 'string' ? `by way of ${each}` : [each.title, each.url].join(' ')))
        .join('; '),
    }))
    .toSorted(
      (one, other) =>
        Number(other.isShipped) - Number(one.isShipped) ||
        gravest(other.severity) - gravest(one.severity) ||
        one.name.localeCompare(other.name),
    );
}

/** @param {unknown} report */
function reasonOf(report) {
  const { message, error } = /** @type {{ message?: unknown, error?: { summary?: unknown } }} */ (report ?? {});
  return String(message || error?.summary || 'npm gave no report');
}

/** Whether a finding stands against a release: grave, or of a kind npm did not name when this was written, and with the app. */
export const isBlocking = (/** @type {Finding} */ { isShipped, severity }) =>
  isShipped && !['info', 'low', 'moderate'].includes(severity);

const supportedMajors = 3;
const dayMs = 24 * 60 * 60 * 1000;

/**
 * How old the pinned Electron is. Its makers mend the newest three majors only.
 * @param {string} pinned as package.json says
 * @param {Record<string, string>} times of `npm view electron time`: version, and when it came out
 * @param {number} nowMs
 * @returns {Verdict}
 */
export function judgeElectron(pinned, times, nowMs) {
  if (!/^\d+\.\d+\.\d+$/.test(pinned)) return { ok: false, text: `"${pinned}" is no exact version of Electron.` };
  const released = times[pinned];
  if (released === undefined) return { ok: false, text: `Electron ${pinned} was never released, or was withdrawn.` };
  const stable = Object.keys(times).filter(
    (version) => /^\d+\.\d+\.\d+$/.test(version) && times[version] !== undefined,
  );
  const majors = [...new Set(stable.map(majorOf))].toSorted((one, other) => other - one);
  const supported = majors.slice(0, supportedMajors);
  const ageDays = Math.floor((nowMs - Date.parse(released)) / dayMs);
  const newer = stable.filter(
    (version) => Date.parse(times[version] ?? '') > Date.parse(released) && majorOf(version) === majorOf(pinned),
  );
  const facts = `Electron ${pinned} is ${ageDays} days old; newer ones of its major: ${newer.length}; the newest majors: ${supported.join(', ')}.`;
  if (supported.includes(majorOf(pinned))) return { ok: true, text: facts };
  return { ok: false, text: `${facts} Major ${majorOf(pinned)} gets no security fixes any more.` };
}

const majorOf = (/** @type {string} */ version) => Number(version.split('.')[0]);
