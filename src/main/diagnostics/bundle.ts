import { checkOutcome, type BundleEntry } from '../../shared/diagnostics.js';
import type { Notice } from '../../shared/errors.js';
import { describe } from '../../shared/messages/index.js';
import { ZipFile } from 'yazl';
import { redact } from '../redact.js';
import { scrubFacts, type SessionFacts } from './facts.js';
import { writeReport } from './report.js';

/** What a support bundle holds, in the current language, with every secret taken out. */
export function composeBundle(sessionFacts: SessionFacts): BundleEntry[] {
  const facts = scrubFacts(sessionFacts);
  const { state, numbers, history, settings, policy, system } = facts;
  const { portAudio, compiler, node, electron, chromium, ...computer } = system;
  const versions = {
    limpid: state.version,
    host: state.host,
    node,
    electron,
    chromium,
    portAudio,
    compiler,
    licensedEngine: state.licensed.loaded,
    computer,
  };
  const files: [name: string, purpose: string, text: string][] = [
    ['report.html', 'bundle.report', writeReport(facts)],
    ['checks.txt', 'bundle.checks', writeChecks(facts)],
    ['problems.txt', 'bundle.problems', writeProblems(facts)],
    ['session.json', 'bundle.session', toJson(history)],
    ['state.json', 'bundle.state', toJson({ writtenAtMs: facts.writtenAtMs, state, numbers })],
    ['settings.json', 'bundle.settings', toJson(settings)],
    ['policy.json', 'bundle.policy', toJson(policy)],
    ['versions.json', 'bundle.versions', toJson(versions)],
    ...facts.errorLogs.map(({ name, text }): [string, string, string] => [name, 'bundle.errors', text]),
  ];
  return files.map(([name, purpose, text]) => {
    // Once more over what was put together, in case a part of it reads as a secret only now.
    const safe = redact(text);
    return { name, purpose: { code: purpose, params: {} }, bytes: Buffer.byteLength(safe), text: safe };
  });
}

const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const onOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

const sentencesOf = (notice: Notice | null): string => {
  if (!notice) return '–';
  const { message, hint } = describe(notice);
  return onOneLine(`${message} ${hint}`);
};

function writeChecks({ checks }: SessionFacts): string {
  const lines = checks.map((check, index) => {
    const { id, notice } = check;
    const outcome = describe({ code: `check.outcome.${checkOutcome(check)}`, params: {} }).message;
    return `${String(index + 1).padStart(2)} ${id} · ${outcome} · ${sentencesOf(notice)}`;
  });
  return `${lines.join('\n')}\n`;
}

/** What went wrong or changed, in the order in which it did. */
function writeProblems({ history, state }: SessionFacts): string {
  // A token's history has the newest first: what happened in the same moment keeps its order.
  const happenings = [...history.changes, ...state.token.history.toReversed()]
    .toSorted((one, other) => one.atMs - other.atMs)
    .map(({ atMs, notice }) => `${new Date(atMs).toISOString()} ${notice.code} ${onOneLine(describe(notice).message)}`);
  return `${happenings.join('\n')}\n`;
}

/** The entries as one zip file. */
export async function zip(entries: readonly BundleEntry[], at: Date): Promise<Buffer> {
  const file = new ZipFile();
  for (const { name, text } of entries) file.addBuffer(Buffer.from(text), name, { mtime: at, mode: 0o100644 });
  file.end();
  const pieces: Buffer[] = [];
  for await (const piece of file.outputStream) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}
