import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTokenBackend, type TokenBackend } from '../../src/main/demo/tokenBackend.js';
import { buildStandIn } from '../libaic/build.js';
import { Person, RealIdentityProvider } from '../vendors/identityProvider.js';
import { noSoundServerReason } from '../rig/soundServer.js';
import { findAccessibilityProblems } from './axe.js';
import { noBrowserReason } from './browser.js';
import { openPanelWindow, type PanelWindow } from './panelWindow.js';
import { deskHeadphones, deskMicrophone } from './talkingDesk.js';

const reason = noBrowserReason ?? noSoundServerReason;
const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 20_000, interval: 100 });

/** From a fresh install to a licensed voice, by the window alone: one session of a person, in order. */
describe.skipIf(reason)(`the licence on the real panel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let window: PanelWindow;
  let backend: TokenBackend;
  const files = buildStandInOrNothing();

  beforeAll(async () => {
    // The keychain of whoever runs the tests stays as it is.
    vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', 'unix:path=/nonexistent');
    backend = await startTokenBackend({ lifetimeSeconds: 3600 });
    window = await openPanelWindow();
  });
  afterAll(async () => {
    await window?.close();
    await backend?.close();
    vi.unstubAllEnvs();
  });

  const go = (view: string) => window.page.getByRole('link', { name: view, exact: true }).click();
  const editor = () => window.page.locator('.editor').first();
  const steps = () => window.page.getByRole('list', { name: 'Steps' }).getByRole('listitem');
  const token = () => window.page.getByRole('region', { name: /^Token/ });
  const isShown = (text: string) => editor().getByText(text, { exact: true }).waitFor();

  test('the backend is described, and the credential kept where there is room for it', async () => {
    await go('Backend');
    await window.page.getByRole('textbox', { name: 'Address' }).fill(backend.url);
    await window.page.getByRole('textbox', { name: 'Credential' }).fill(backend.credential);
    await window.page.keyboard.press('Enter');
    await isShown('Saved.');
    await isShown('Kept in memory, until Limpid ends.');
    const page = await window.page.evaluate<string>('document.documentElement.outerHTML');
    expect(page).not.toContain(backend.credential);
  });

  test('the connection is tested, step by step, to a token that is thrown away', async () => {
    await window.page.getByRole('button', { name: 'Test connection' }).click();
    await editor().getByRole('status').getByText('All steps passed.').waitFor();
    expect(await steps().count()).toBe(9);
    expect(await steps().last().textContent()).toContain('The clocks agree');
    expect(await findAccessibilityProblems(window.page)).toEqual([]);
  });

  test('library and model are named', async () => {
    const parts = window.page.getByRole('region', { name: 'ai-coustics on this computer' });
    await parts.getByLabel('Library', { exact: true }).fill(files.libraryPath);
    await parts.getByLabel('Model', { exact: true }).fill(files.modelPath);
    await parts.getByRole('button', { name: 'Save' }).click();
    await parts.getByText('Saved.', { exact: true }).waitFor();
  });

  test('the licensed engine is heard, and the token counts down', async () => {
    await go('Live');
    await window.page.getByRole('combobox', { name: 'Microphone' }).selectOption({ label: deskMicrophone });
    await window.page.getByRole('combobox', { name: 'Output' }).selectOption({ label: deskHeadphones });
    await window.page.getByRole('radio', { name: /^ai-coustics/ }).click();
    await window.page.getByRole('switch', { name: 'Voice enhancement' }).click();
    const engine = window.page.getByRole('region', { name: 'Enhancement', exact: true });
    await eventually(() => engine.textContent()).toMatch(/Heard nowai-coustics/);
    expect(await engine.textContent()).toMatch(/SDKVersion \d+\.\d+/);
    await eventually(() => token().textContent()).toContain('Valid');
    expect(await token().locator('dd').first().textContent()).toMatch(/^(59|1:00):\d\d/);
    expect(await findAccessibilityProblems(window.page)).toEqual([]);
  });

  test('“Refresh now” swaps the token in place: nothing is loaded again', async () => {
    const before = backend.mints;
    await token().getByRole('button', { name: 'Refresh now' }).click();
    await eventually(() => backend.mints).toBe(before + 1);
    await token()
      .getByText(/^History/)
      .click();
    await token().getByText('The engine took the new token.').first().waitFor();
    await window.page.getByText('Details', { exact: true }).click();
    const count = (name: string) =>
      window.page.locator('.details dl > div', { hasText: name }).locator('dd').textContent();
    await eventually(async () => Number(await count('Tokens swapped in place'))).toBeGreaterThan(0);
    expect([await count('Models loaded'), await count('Processors created')]).toEqual(['1', '1']);
  });

  test('a backend that refuses is said in the card, while the voice goes on', async () => {
    await go('Backend');
    await window.page.getByRole('textbox', { name: 'Credential' }).fill('another one');
    await window.page.keyboard.press('Enter');
    await eventually(() => token().textContent()).toContain('does not accept the credential');
    await go('Live');
    expect(await window.page.getByRole('switch', { name: 'Voice enhancement' }).getAttribute('aria-checked')).toBe(
      'true',
    );
  });

  test('a person signs in with a code at a real identity provider, and out', async () => {
    const { page } = window;
    const provider = await RealIdentityProvider.start();
    try {
      const { issuer, clientId, scope, resource } = provider.settings();
      await go('Backend');
      await page.getByRole('button', { name: 'Add an environment' }).click();
      await page.getByLabel('Name', { exact: true }).fill('of persons');
      await page.getByRole('textbox', { name: 'Address' }).fill(backend.url);
      await page.getByLabel('How Limpid signs in').selectOption('sign-in');
      await page.getByLabel('Identity provider').fill(issuer);
      await page.getByLabel('Client ID').fill(clientId);
      await page.getByLabel('Scope').fill(scope);
      await page.getByText('More settings').click();
      await page.getByLabel('Resource').fill(resource);
      await editor().getByRole('button', { name: 'Save' }).click();
      await isShown('Saved.');

      const card = page.getByRole('group', { name: 'Sign-in', exact: true });
      await card.getByRole('button', { name: 'Sign in with a code' }).click();
      const shown = (name: string) => card.locator('dl > div', { hasText: name }).locator('dd > span').first();
      const [code, address] = await Promise.all([shown('Code').textContent(), shown('Address').textContent()]);
      await new Person().enterCode(address ?? '', code ?? '');
      await card.getByText('Signed in as anna@example.com, until Limpid ends.').waitFor();
      expect(await findAccessibilityProblems(page)).toEqual([]);
      await card.getByRole('button', { name: 'Sign out…' }).click();
      await page.getByRole('button', { name: 'Sign out', exact: true }).click();
      await card.getByText('Nobody is signed in.').waitFor();
    } finally {
      await provider.stop();
    }
  });

  test('without a complaint from page or panel', () => {
    expect(window.complaints).toEqual([]);
  });
});

function buildStandInOrNothing(): { libraryPath: string; modelPath: string } {
  return reason ? { libraryPath: '', modelPath: '' } : buildStandIn();
}
