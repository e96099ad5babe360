import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBackendServer, type BackendServer } from '../../src/backend/server.js';
import type { LoopNumbers } from '../../src/main/audio/native.js';
import { loadVoice } from '../../src/main/demo/voices.js';
import { runCli, startCli, type CliRun } from '../cli/runCli.js';
import { buildStandIn } from '../libaic/build.js';
import { startAiCoustics } from '../vendors/aiCoustics.js';
import { Person, RealIdentityProvider } from '../vendors/identityProvider.js';
import type { VendorStandIn } from '../vendors/standIn.js';
import { hasKeyringPrograms, openSession, type OpenSession } from './keyringSession.js';
import { until } from './redisServer.js';
import { configureSignInBackend } from './signInBackend.js';
import { enhancedSink, micSource, noSoundServerReason, openRig } from './soundServer.js';

interface LiveReport extends LoopNumbers {
  token: { refreshes: number; failures: number; state: string };
}

/** Short, so that a run of seconds sees several of both. */
const vendorSeconds = 4;
const accessSeconds = 3;
const patienceMs = 30_000;
const toldWhy = /Nobody is signed in for “production”|has ended the sign-in for “production”/;
/** Also while the first token is fetched it stands in: what was told last counts. */
const isStandingIn = (told: string): boolean => told.lastIndexOf('in place of') > told.lastIndexOf('with ai-coustics');
const tokenShape = /eyJ[\w-]{10,}/;
const noKeyringReason = hasKeyringPrograms ? null : 'needs dbus-run-session and gnome-keyring-daemon';
const reason = noSoundServerReason ?? noKeyringReason;

/**
 * The whole way on one machine, each part as it is: somebody signs in with a code (`limpid sign-in`) at a real identity provider, a real
 * keyring keeps it, `limpid live` gets tokens in her name from our token backend, and `limpid sign-out` ends that.
 */
describe.skipIf(reason)(`a live voice of somebody who signed in ${reason ?? ''}`, () => {
  let folder = '';
  let rig: Awaited<ReturnType<typeof openRig>>;
  let session: OpenSession;
  let provider: RealIdentityProvider;
  let vendor: VendorStandIn;
  let backend: BackendServer;
  let backendLog = '';
  let signedIn: CliRun;
  let signedOut: CliRun;
  let live: CliRun;
  let report: LiveReport;
  /** Tokens that were minted after the voice had fallen back. */
  let mintsAfter = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'limpid-sign-in-live-'));
    [rig, session, provider, vendor] = await Promise.all([
      openRig(),
      openSession(folder),
      RealIdentityProvider.start({ accessTokenSeconds: accessSeconds }),
      startAiCoustics({ lifetimeSeconds: vendorSeconds }),
    ]);
    backend = await startBackendServer(configureSignInBackend(provider, vendor), {
      logTo: { write: (line: string) => void (backendLog += line) },
    });
    writeFileSync(
      join(folder, 'settings.json'),
      JSON.stringify({ backend: { active: 'production', environments: [environment()] } }),
    );
    const voice = await loadVoice(60);
    const playback = rig.card.play(voice.samples);

    signedIn = await signIn();
    const cli = startCli(['live', '--engine', 'aic', '--json', '--input', micSource, '--output', enhancedSink], env());
    await until(() => vendor.mints >= 3, patienceMs).catch((error: unknown) => {
      throw new Error(`no tokens:\n${cli.stderr}`, { cause: error });
    });
    signedOut = await runCli(['sign-out', '--json'], env());
    await until(() => toldWhy.test(cli.stderr) && isStandingIn(cli.stderr), patienceMs);
    const mintsBefore = vendor.mints;
    cli.child.kill('SIGINT');
    live = await cli.ended;
    mintsAfter = vendor.mints - mintsBefore;
    playback.stop();
    await playback.done;
    if (live.exitCode === 0) report = JSON.parse(live.stdout) as LiveReport;
  }, 120_000);

  afterAll(async () => {
    await Promise.all([backend?.close(), provider?.stop(), vendor?.close(), rig?.close(), session?.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const environment = (): object => ({
    name: 'production',
    url: `${backend.url}/v1/tokens/ai-coustics`,
    credentialKind: 'sign-in',
    signIn: provider.settings(),
  });

  const env = (): NodeJS.ProcessEnv => ({
    LIMPID_CONFIG: join(folder, 'settings.json'),
    LIMPID_DEBUG: '1',
    LIMPID_BACKEND_URL: '',
    LIMPID_BACKEND_CREDENTIAL: '',
    DBUS_SESSION_BUS_ADDRESS: session.address,
    AIC_LIB_PATH: buildStandIn().libraryPath,
    LIMPID_AIC_MODEL: buildStandIn().modelPath,
  });

  /** Does what the command asks a person to do. */
  async function signIn(): Promise<CliRun> {
    const cli = startCli(['sign-in', '--json'], env());
    const read = () => /Open (\S+) .* enter the code (\S+)\./.exec(cli.stderr);
    await until(() => read() !== null, patienceMs).catch((error: unknown) => {
      throw new Error(`no code:\n${cli.stderr}`, { cause: error });
    });
    const [, url = '', code = ''] = read() ?? [];
    await new Person().enterCode(url, code);
    return cli.ended;
  }

  test('the sign-in tells who it is, and until when', () => {
    expect(signedIn).toMatchObject({ exitCode: 0 });
    const told = JSON.parse(signedIn.stdout) as Record<string, unknown>;
    expect(told).toEqual({ environment: 'production', account: 'anna@example.com', expiresAt: expect.any(String) });
    expect(Math.abs(Date.parse(String(told['expiresAt'])) - Date.now())).toBeLessThan(60_000);
  });

  test('tokens come in her name and are swapped in place, while her access is renewed in silence', () => {
    expect(live).toMatchObject({ exitCode: 0 });
    expect(report.token.refreshes).toBeGreaterThanOrEqual(2);
    expect(report.counters).toMatchObject({ modelLoads: 1, processorCreates: 1 });
    expect(report.counters.tokenUpdates).toBeGreaterThanOrEqual(2);
    expect(provider.grants('refresh_token').length).toBeGreaterThanOrEqual(2);
    expect(backendLog).toContain('"caller":"user:anna"');
  });

  test('signing out ends it: no further token, the built-in engine is heard, and the reason is told', () => {
    expect(signedOut).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(signedOut.stdout)).toEqual({
      environment: 'production',
      account: 'anna@example.com',
      wasSignedIn: true,
    });
    expect(mintsAfter).toBe(0);
    expect(report).toMatchObject({ heardEngine: 'gtcrn', token: { state: 'rejected' } });
    expect(live.stderr).toMatch(/^aic\.expired-because: /m);
    expect(live.stderr).toMatch(toldWhy);
  });

  test('nothing of it was printed', () => {
    expect(provider.secrets.length).toBeGreaterThan(6);
    for (const text of [signedIn, live, signedOut].flatMap(({ stdout, stderr }) => [stdout, stderr])) {
      expect(text).not.toMatch(tokenShape);
      expect(provider.secrets.filter((secret) => text.includes(secret))).toEqual([]);
    }
  });
});
