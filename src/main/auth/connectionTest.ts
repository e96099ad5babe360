import { isIP } from 'node:net';
import { connectionStepIds, type BackendEnvironment, type ConnectionStep } from '../../shared/backend.js';
import type { Notice } from '../../shared/errors.js';
import { LimpidError, noticeOf } from '../../shared/errors.js';
import { fetchTokenWith, type FetchOptions, type Finding } from './backendClient.js';
import { systemClock } from './clock.js';
import { durationOf } from './duration.js';

const endingCertificateDays = 14;
const largestSkewMs = 60_000;

/**
 * Tries the whole way to a token, which is thrown away, and tells what was found at each step, in the order of
 * `connectionStepIds`; what follows a failure is `skipped`. Never rejects. `readCredential` may throw a `LimpidError`,
 * which then is the result of its step. `account`: who is signed in, where persons sign in.
 */
export async function testConnection(
  environment: BackendEnvironment,
  readCredential: () => Promise<string | null>,
  onStep: (step: ConnectionStep) => void,
  options: Omit<FetchOptions, 'onFinding'> & { account?: () => string | null } = {},
): Promise<ConnectionStep[]> {
  const { clock = systemClock, account = () => null } = options;
  const steps: ConnectionStep[] = [];
  let beganAtMs = clock.monotonicMs();

  const add = (step: Omit<ConnectionStep, 'tookMs'>) => {
    const nowMs = clock.monotonicMs();
    steps.push({ ...step, tookMs: step.result === 'skipped' ? null : nowMs - beganAtMs });
    beganAtMs = nowMs;
    onStep(steps.at(-1)!);
  };
  const addRemaining = (first: Pick<ConnectionStep, 'result' | 'notice'>) => {
    connectionStepIds.slice(steps.length).forEach((id, index) => {
      add({ id, ...(index === 0 ? first : { result: 'skipped', notice: { code: 'connection.skipped', params: {} } }) });
    });
  };

  try {
    await fetchTokenWith(environment, readCredential, {
      ...options,
      onFinding: (finding) => add({ id: finding.step, ...judge(finding, environment, account) }),
    });
  } catch (error) {
    const failure = error instanceof LimpidError ? error : new LimpidError('internal');
    addRemaining({ result: 'failed', notice: noticeOf(failure) });
  }
  return steps;
}

type Judgement = Pick<ConnectionStep, 'result' | 'notice'>;

const ok = (notice: Notice): Judgement => ({ result: 'ok', notice });
const warning = (notice: Notice): Judgement => ({ result: 'warning', notice });

function judge(finding: Finding, environment: BackendEnvironment, account: () => string | null): Judgement {
  switch (finding.step) {
    case 'url': {
      const { host, route } = finding;
      if (route.notice) {
        return warning({ code: 'connection.url-direct', params: { host, detail: route.notice } });
      }
      if (!route.proxy) return ok({ code: 'connection.url', params: { host } });
      const params = { host, proxy: route.proxy.host };
      if (route.from?.kind === 'system') return ok({ code: 'connection.url-proxy-system', params });
      if (route.from?.kind !== 'variable') return ok({ code: 'connection.url-proxy', params });
      return ok({ code: 'connection.url-proxy-variable', params: { ...params, variable: route.from.name } });
    }
    case 'credential':
      if (finding.kind === 'none') return ok({ code: 'connection.credential-none', params: {} });
      if (finding.kind === 'sign-in') return judgeSignIn(account());
      return ok({ code: 'connection.credential', params: { kind: describeKind(environment) } });
    case 'dns':
      if (isIP(finding.host) !== 0) return ok({ code: 'connection.dns-address', params: { host: finding.host } });
      return ok({
        code: 'connection.dns',
        params: { host: finding.host, addresses: finding.addresses.join(', ') },
      });
    case 'connect': {
      const { address, port, isThroughProxy, insteadOf } = finding;
      if (insteadOf !== undefined) {
        return warning({ code: 'connection.connect-instead', params: { address, port, proxy: insteadOf } });
      }
      const code = isThroughProxy ? 'connection.connect-proxy' : 'connection.connect';
      return ok({ code, params: { address, port } });
    }
    case 'tls': {
      if (!finding.certificate) return ok({ code: 'connection.tls-none', params: {} });
      const { protocol, issuer, daysLeft: count } = finding.certificate;
      if (count >= endingCertificateDays) return ok({ code: 'connection.tls', params: { protocol, issuer, count } });
      return warning({ code: 'connection.tls-ending', params: { protocol, issuer, count } });
    }
    case 'http':
      return ok({ code: 'connection.http', params: { status: finding.status } });
    case 'shape':
      return ok({ code: 'connection.shape', params: { path: finding.tokenPath } });
    case 'claims': {
      const params = { remaining: durationOf(finding.remainingMs) };
      if (finding.isContradicted) return warning({ code: 'connection.claims-differ', params });
      return ok({ code: 'connection.claims', params });
    }
    case 'clock':
      return judgeSkew(finding.skewMs);
  }
}

function judgeSkew(skewMs: number | null): Judgement {
  if (skewMs === null) return warning({ code: 'connection.clock-unknown', params: {} });
  const sizeMs = Math.abs(skewMs);
  if (sizeMs <= largestSkewMs) {
    return ok({ code: 'connection.clock', params: { seconds: Math.max(1, Math.ceil(sizeMs / 1000)) } });
  }
  const code = skewMs < 0 ? 'connection.clock-ahead' : 'connection.clock-behind';
  return warning({ code, params: { difference: durationOf(sizeMs) } });
}

function judgeSignIn(account: string | null): Judgement {
  if (account === null) return ok({ code: 'connection.signed-in-unnamed', params: {} });
  return ok({ code: 'connection.signed-in', params: { account } });
}

function describeKind({ credentialKind, credentialHeader }: BackendEnvironment): string {
  if (credentialKind === 'header') return credentialHeader;
  return credentialKind === 'basic' ? 'Authorization: Basic' : 'Authorization: Bearer';
}
