/**
 * For `describe.skipIf`: the reason why tests cannot run here, where that is an answer. As root and in CI setup installs what the
 * tests need, so there it throws: tests that are left out unseen are none.
 */
export function skipReason(reason: string | null): string | null {
  const isCi = Boolean(process.env['CI']) && process.env['CI'] !== 'false';
  if (reason === null || !(isCi || process.getuid?.() === 0)) return reason;
  throw new Error(`These tests may not be left out here: ${reason}`);
}
