/** npm passes a Ctrl-C on to its child, which the terminal signals too: repeats this soon are the same key press. */
const sameRequestMs = 1000;

/**
 * Resolves at the first Ctrl-C or request to end, which leaves the clean-up to the caller. One that comes more than a second
 * later ends the process at once with code 130; what is hooked to its exit still runs.
 */
export function waitForInterrupt(signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']): Promise<void> {
  return new Promise((resolve) => {
    let firstMs: number | null = null;
    const take = (): void => {
      const nowMs = performance.now();
      firstMs ??= nowMs;
      if (nowMs - firstMs > sameRequestMs) process.exit(130);
      resolve();
    };
    for (const signal of signals) process.on(signal, take);
  });
}
