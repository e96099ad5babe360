import { formatProgress } from './commands/enhance.js';
import { StatusLine } from './output.js';
import { waitForInterrupt } from './interrupt.js';

export interface ProgressControls {
  signal: AbortSignal;
  onProgress(receivedBytes: number, totalBytes: number | null): void;
}

/** Runs a download with a bar on the terminal; Ctrl-C cancels it. */
export async function withProgress<Value>(work: (controls: ProgressControls) => Promise<Value>): Promise<Value> {
  const abort = new AbortController();
  void waitForInterrupt().then(() => abort.abort());
  const status = new StatusLine();
  try {
    return await work({
      signal: abort.signal,
      onProgress: (received, total) => status.update(formatDownload(received, total)),
    });
  } finally {
    status.clear();
  }
}

/** A bar and the size, such as `[██████░░░░]  60 %  12.0 of 20.0 MB`; only what was received while the size is not known. */
export function formatDownload(receivedBytes: number, totalBytes: number | null): string {
  const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
  if (totalBytes === null) return `${mb(receivedBytes)} MB`;
  return `${formatProgress(receivedBytes, totalBytes)}  ${mb(receivedBytes)} of ${mb(totalBytes)} MB`;
}
