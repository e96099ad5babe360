import type { SignInView } from '../../shared/backend.js';
import { LimpidError } from '../../shared/errors.js';
import type { Clock, PassedTime } from './clock.js';
import { requireSignInPage } from './signInAddress.js';
import type { Grant, Provider } from './signInProvider.js';
import { openRedirect } from './signInRedirect.js';

/** How long the browser may take; a person may have to find a second factor first. */
export const browserPatienceMs = 5 * 60_000;
/** RFC 8628, 3.5. */
const slowDownMs = 5000;

/** What asking a person needs of the sign-in that it is for. */
export interface Asking {
  clock: Clock;
  time: PassedTime;
  /** Aborted when nobody wants the sign-in any more. */
  signal: AbortSignal;
  /** Shows a page of the provider in the person's browser; rejects where there is none. */
  openPage(url: string): Promise<void>;
  /** The provider, for a question that is not called off once it is asked: what is granted then is to be ended. */
  openLasting(): Promise<Provider>;
  show(more: Partial<SignInView>): void;
}

/** Resolves when the browser was asked for, with what waits for its answer. */
export async function askBrowser(provider: Provider, asking: Asking): Promise<() => Promise<Grant>> {
  const { clock, signal } = asking;
  const redirect = await openRedirect();
  signal.addEventListener('abort', () => redirect.close(), { once: true });
  try {
    const request = await provider.requestCode(redirect.url);
    const answered = redirect.waitForAnswer(request.state);
    await asking.openPage(requireSignInPage(request.url.href));
    asking.show({ expiresAtMs: clock.wallMs() + browserPatienceMs });
    return async () => {
      try {
        const answer = await wait(clock, browserPatienceMs, signal, answered);
        if (answer) return await (await asking.openLasting()).redeemCode(request, answer);
        if (redirect.hasRefused) throw new LimpidError('signIn.wrong-state');
        throw new LimpidError('signIn.timed-out', { count: browserPatienceMs / 60_000 });
      } finally {
        redirect.close();
      }
    };
  } catch (error) {
    redirect.close();
    throw error;
  }
}

/** Resolves when the code is there, with what waits until somebody has entered it (RFC 8628). */
export async function askDevice(provider: Provider, asking: Asking): Promise<() => Promise<Grant>> {
  const { clock, time, signal } = asking;
  const startedMs = time.nowMs();
  const request = await provider.requestDevice();
  const { userCode, verificationUrl, lifeMs } = request;
  asking.show({ userCode, verificationUrl, expiresAtMs: clock.wallMs() + lifeMs });
  return async () => {
    let { intervalMs } = request;
    const lasting = await asking.openLasting();
    for (;;) {
      await wait(clock, intervalMs, signal);
      if (time.nowMs() - startedMs >= lifeMs) throw new LimpidError('signIn.code-expired');
      const answer = await lasting.redeemDevice(request).catch((error: unknown) => {
        // RFC 8628, 3.5: a provider that does not answer is asked less often.
        if (error instanceof LimpidError && error.retryable) return 'slow-down' as const;
        throw error;
      });
      if (typeof answer === 'object') return answer;
      if (answer === 'slow-down') intervalMs += slowDownMs;
    }
  };
}

/** Resolves with null after `delayMs`, or with what comes `sooner`; rejects with the signal's reason. */
function wait<Value>(
  clock: Clock,
  delayMs: number,
  signal: AbortSignal,
  sooner: Promise<Value> = new Promise(() => undefined),
): Promise<Value | null> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      stop();
      signal.removeEventListener('abort', giveUp);
    };
    const giveUp = (): void => {
      end();
      reject(signal.reason);
    };
    const come = (value: Value | null): void => {
      end();
      resolve(value);
    };
    const stop = clock.after(delayMs, () => come(null));
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
    void sooner.then(come);
  });
}
