import { waitForInterrupt } from './interrupt.js';
import { StatusLine } from './output.js';

const barWidth = 30;

/** What long work is given to tell how far it is, and to learn that it shall end. */
export interface ProgressControls<Total> {
  signal: AbortSignal;
  onProgress(done: number, total: Total): void;
}

/** Runs long work with a line on the terminal that `format` makes; Ctrl-C cancels it. */
export async function withProgress<Value, Total>(
  format: (done: number, total: Total) => string,
  work: (controls: ProgressControls<Total>) => Promise<Value>,
): Promise<Value> {
  const abort = new AbortController();
  void waitForInterrupt().then(() => abort.abort());
  const status = new StatusLine();
  try {
    return await work({ signal: abort.signal, onProgress: (done, total) => status.update(format(done, total)) });
  } finally {
    status.clear();
  }
}

/** A bar such as `[██████░░░░]  60 %`. */
export function formatProgress(done: number, total: number): string {
  const share = total > 0 ? done / total : 0;
  const filled = Math.floor(share * barWidth);
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
  return `[${bar}] ${String(Math.floor(share * 100)).padStart(3)} %`;
}

/** A bar and the size, such as `[██████░░░░]  60 %  12.0 of 20.0 MB`; only what was received while the size is not known. */
export function formatDownload(receivedBytes: number, totalBytes: number | null): string {
  const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
  if (totalBytes === null) return `${mb(receivedBytes)} MB`;
  return `${formatProgress(receivedBytes, totalBytes)}  ${mb(receivedBytes)} of ${mb(totalBytes)} MB`;
}
