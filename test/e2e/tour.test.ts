import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { findCommand } from '../../scripts/lib/child.mjs';
import { mixAtSnr } from '../../src/main/demo/mix.js';
import { makeNoise } from '../../src/main/demo/noises.js';
import { demoRate, loadVoice } from '../../src/main/demo/voices.js';
import { runCli, startCli, type RunningCli } from '../cli/runCli.js';
import { buildStandIn } from '../libaic/build.js';
import { unzip } from '../main/diagnostics/unzip.js';
import { until } from '../rig/redisServer.js';
import { noSoundServerReason } from '../rig/soundServer.js';
import { startAiCoustics } from '../vendors/aiCoustics.js';
import type { VendorStandIn } from '../vendors/standIn.js';
import { makeWav } from '../wavFile.js';
import { findAccessibilityProblems } from './axe.js';
import { noBrowserReason } from './browser.js';
import { Keyboard } from './keyboard.js';
import { openPanelWindow, type PanelWindow } from './panelWindow.js';
import { deskHeadphones, deskMicrophone } from './talkingDesk.js';

const reason = noBrowserReason ?? noSoundServerReason;
const patient = { timeout: 20_000 };
const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { ...patient, interval: 100 });

/** Where `npm run tour` wants the pictures of the README; otherwise none are made. */
const pictureFolder = process.env['LIMPID_TOUR_PICTURES'] ?? '';
const pictureMarginPx = 14;
/** The picture of the levels and that of the tones are full after so long. */
const picturesFullMs = 14_000;

const libraryName = 'libaic.so';
const modelName = 'voice.aicmodel';

interface Client {
  id: string;
}
interface Configuration {
  callers: { clients: Client[] };
}

const hasFfmpeg = findCommand('ffmpeg') !== null;
/** An MP3 where it can be made. */
const third = hasFfmpeg ? 'Carl.mp3' : 'Carl.wav';
const tokenSeconds = 6;
const fileSeconds = 6;

/**
 * What the tour in the README tells, done by somebody who has a keyboard and nothing else: one session, in order. The panel, the
 * services and the sound are real, and so is the backend of one's own; stand-ins are the vendor and its library.
 */
describe.skipIf(reason)(`the tour by keyboard${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let home: string;
  let window: PanelWindow;
  let keys: Keyboard;
  let vendor: VendorStandIn;
  let backend: RunningCli;
  let address: string;
  let credential: string;

  beforeAll(async () => {
    home = join(mkdtempSync(join(tmpdir(), 'limpid-')), 'kim');
    mkdirSync(home);
    // The folders and the keychain of whoever runs the tests stay as they are.
    vi.stubEnv('HOME', home);
    for (const name of ['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME']) vi.stubEnv(name, '');
    vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', 'unix:path=/nonexistent');
    setLibrary(join(home, 'ai-coustics'));
    await setInterviews(join(home, 'Interviews'));
    vendor = await startAiCoustics({ lifetimeSeconds: tokenSeconds });
    await startBackend();
    window = await openPanelWindow({ isFresh: true });
    keys = await Keyboard.at(window.page);
    if (pictureFolder) mkdirSync(pictureFolder, { recursive: true });
  });
  afterAll(async () => {
    await window?.close();
    backend?.child.kill('SIGTERM');
    await backend?.ended;
    await vendor?.close();
    vi.unstubAllEnvs();
    if (home) rmSync(join(home, '..'), { recursive: true, force: true });
  });

  const configurationPath = () => join(home, 'backend.json');
  const configuration = () => JSON.parse(readFileSync(configurationPath(), 'utf8')) as Configuration;

  async function addClient(name: string): Promise<string> {
    const args = ['backend', 'add-client', name, '--provider', 'ai-coustics', '--config', configurationPath()];
    const { exitCode, stdout, stderr } = await runCli(args);
    if (exitCode !== 0) throw new Error(stderr);
    return stdout.trim();
  }

  async function startBackend(): Promise<void> {
    const limits = { windowSeconds: 60, perClient: 1000, perProvider: 1000 };
    writeFileSync(configurationPath(), JSON.stringify({ limits }));
    await addClient('alex');
    credential = await addClient('kim');
    const licence = `${toBase64Url(JSON.stringify({ api_key: vendor.key }))}.${randomBytes(32).toString('base64url')}`;
    backend = startCli(['backend', '--config', configurationPath(), '--port', '0', '--json'], {
      AIC_SDK_LICENSE: licence,
      AIC_BASE_URL: vendor.url,
    });
    await until(() => backend.stdout.includes('\n'), patient.timeout);
    address = `${(JSON.parse(backend.stdout) as { url: string }).url}/v1/tokens/ai-coustics`;
  }

  /** Whoever runs the backend lets these clients in from now on. */
  async function letIn(clients: Client[]): Promise<void> {
    const reloads = () => backend.stderr.split('"event":"reloaded"').length;
    const before = reloads();
    writeFileSync(configurationPath(), JSON.stringify({ ...configuration(), callers: { clients } }));
    backend.child.kill('SIGHUP');
    await eventually(reloads).toBe(before + 1);
  }

  const state = () => window.services.handlers['state.get'](undefined);
  const region = (name: string | RegExp) => window.page.getByRole('region', { name, exact: true });
  const says = (text: string | RegExp) => window.page.getByRole('status').getByText(text).first().waitFor(patient);
  /** Name of the heading that has the focus. */
  const heading = async () => {
    const { role, name } = await keys.focused();
    return role === 'heading' ? name : '';
  };

  /** From wherever one is to another view, by its link at the top. */
  async function go(view: string): Promise<void> {
    await keys.tabTo('link', view, { back: true });
    await keys.press('Enter');
    await eventually(heading).toBe(view);
  }

  /** For the README: from the first to the last of these, as wide as the window. */
  async function picture(name: string, ...shown: Locator[]): Promise<void> {
    if (!pictureFolder) return;
    const boxes = await Promise.all(shown.map((each) => each.boundingBox()));
    const scrolled = await window.page.evaluate<number>('scrollY');
    const top = Math.min(...boxes.map((box) => box?.y ?? 0)) + scrolled - pictureMarginPx;
    const bottom = Math.max(...boxes.map((box) => (box ? box.y + box.height : 0))) + scrolled + pictureMarginPx;
    const clip = { x: 0, y: Math.max(0, top), width: 1000, height: bottom - Math.max(0, top) };
    const png = await window.page.screenshot({ fullPage: true, clip });
    writeFileSync(join(pictureFolder, `${name}.png`), hasFfmpeg ? inFewColours(png) : png);
  }
  const untilPicturesAreFull = () => (pictureFolder ? window.page.waitForTimeout(picturesFullMs) : undefined);

  test('the introduction: the microphone is picked and seen to move', async () => {
    const { page } = window;
    await page.getByText('Step 1 of 3').waitFor(patient);
    expect(await keys.tabTo('combobox', 'Microphone')).toEqual(['combobox: Microphone']);
    await keys.type('USB');
    await eventually(async () => (await keys.focused()).value).toBe(deskMicrophone);
    await says('Limpid hears you well.');
    const meter = page.getByRole('meter', { name: 'Level of the microphone' });
    await eventually(() => meter.getAttribute('aria-valuetext')).toMatch(/^−\d+ decibels$/);
    await picture('01-introduction', page.locator('main'));
    expect(await keys.tabTo('button', 'Next')).toEqual(['button: Next']);
    await keys.press('Enter');
    await eventually(heading).toBe('Step 2 of 3 Hear the difference');
    expect(await keys.tabTo('button', 'Next')).toEqual([
      'combobox: Choose where the live voice goes',
      'button: Record 10 s and compare',
      'button: Back',
      'button: Next',
    ]);
    await keys.press('Space');
    await eventually(heading).toBe('Step 3 of 3 Choose your engine');
    expect(await keys.tabTo('button', 'Finish')).toEqual([
      'link: Set up the backend',
      'button: Back',
      'button: Finish',
    ]);
    await keys.press('Enter');
    await eventually(heading).toBe('Live');
  });

  test('devices are chosen, and the voice is switched on', async () => {
    const { page } = window;
    expect(await keys.tabTo('switch', 'Voice enhancement')).toEqual(['switch: Voice enhancement']);
    expect(await keys.focused()).toMatchObject({ checked: 'false' });
    await keys.press('Space');
    await page.getByRole('alert').getByText('No output was chosen').waitFor();
    const toMicrophone = [
      'button: Bypass',
      'button: Record',
      'button: Open folder',
      'DisclosureTriangle: Change the folder',
      'button: Record 10 s and compare',
      'combobox: Microphone',
    ];
    expect(await keys.tabTo('combobox', 'Microphone')).toEqual(toMicrophone);
    expect(await keys.focused()).toMatchObject({ value: deskMicrophone });
    expect(await keys.tabTo('combobox', 'Output')).toEqual(['combobox: Output']);
    expect(await keys.focused()).toMatchObject({ value: 'Choose an output…' });
    await keys.type('USB');
    await eventually(async () => (await keys.focused()).value).toBe(deskHeadphones);
    const back = [...toMicrophone.toReversed(), 'switch: Voice enhancement'];
    expect(await keys.tabTo('switch', 'Voice enhancement', { back: true })).toEqual(back);
    await keys.press('Space');
    await says(`Enhancing ${deskMicrophone} with`);
    await eventually(async () => (await keys.focused()).checked).toBe('true');
    for (const side of ['Input', 'Output']) {
      const meter = page.getByRole('meter', { name: `${side} level` });
      await eventually(() => meter.getAttribute('aria-valuetext')).toMatch(/^−\d+ decibels, peak −\d+$/);
    }
    await picture('02-devices', region('Signal path'));
  });

  test('the difference is heard', async () => {
    const { page } = window;
    await keys.press('b');
    await says('Passing your voice through unchanged because bypass is on.');
    expect((await state()).bypass).toBe(true);
    await keys.press('b');
    await says(`Enhancing ${deskMicrophone} with`);
    await page.keyboard.down('b');
    await says('because bypass is on.');
    await page.keyboard.up('b');
    await says(`Enhancing ${deskMicrophone} with`);
    expect(await keys.tabTo('button', 'Bypass')).toEqual(['button: Bypass']);
    expect(await keys.focused()).toMatchObject({ checked: 'false' });
    const figures = region('Live figures');
    await eventually(() => figures.textContent()).toMatch(/Noise removed\d+\sdB/);
    expect((await keys.tabTo('slider', 'Strength')).slice(-3)).toEqual([
      'combobox: Output',
      'radio: Remove noise Works up to 8 kHz; higher tones follow the voice.',
      'slider: Strength',
    ]);
    expect(await keys.focused()).toMatchObject({ value: '100 percent' });
    await keys.press('ArrowLeft', 20);
    await eventually(async () => (await keys.focused()).value).toBe('80 percent');
    await keys.press('Delete');
    await eventually(async () => (await keys.focused()).value).toBe('100 percent');
    await untilPicturesAreFull();
    await picture('03-difference', region('Spectrogram'), figures);
  });

  test('the voice is recorded', async () => {
    const { page } = window;
    await keys.tabTo('button', 'Record', { back: true });
    expect((await keys.focused()).description).toBe('Original and enhanced voice, each in a WAV file of its own.');
    await keys.press('Enter');
    await page.getByRole('timer', { name: 'Recorded time' }).getByText('0:01').waitFor(patient);
    expect(await keys.focused()).toMatchObject({ role: 'button', name: 'Stop recording' });
    await keys.press('Enter');
    await says('Saved in ');
    expect(await keys.focused()).toMatchObject({ role: 'button', name: 'Record' });
    const [folder = ''] = readdirSync(join(home, 'Music/Limpid'));
    expect(readdirSync(join(home, 'Music/Limpid', folder))).toEqual(['enhanced.wav', 'original.wav']);
  });

  test('ten seconds are recorded and compared', async () => {
    const { page } = window;
    await keys.tabTo('button', 'Record 10 s and compare');
    await keys.press('Enter');
    await says('Recording for the comparison. Speak now.');
    await says('The comparison is ready.');
    await eventually(async () => (await keys.focused()).name).toBe('Play');
    await keys.press('Enter');
    await eventually(async () => (await keys.focused()).name).toBe('Pause');
    expect(await keys.tabTo('radio', 'Original')).toEqual(['radio: Original']);
    await keys.press('ArrowRight');
    await eventually(() => keys.focused()).toMatchObject({ role: 'radio', name: 'Enhanced', checked: 'true' });
    expect((await state()).player?.heard).toBe('enhanced');
    await keys.press('x');
    await eventually(async () => (await state()).player?.heard).toBe('original');
    expect(await keys.tabTo('slider', 'Position')).toEqual(['slider: Position']);
    await keys.press('End');
    await eventually(async () => (await keys.focused()).value).toBe('0:10 of 0:10');
    await eventually(async () => (await state()).player?.playing).toBe(false);
    await keys.press('Home');
    await eventually(async () => (await keys.focused()).value).toBe('0:00 of 0:10');
    await keys.press('ArrowRight', 4);
    await eventually(async () => (await keys.focused()).value).toBe('0:04 of 0:10');
    await picture('04-record', region('Recording'), region('Before and after'));
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });

  test('a folder of files is enhanced', async () => {
    const { page } = window;
    const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name} `) });
    await go('Files');
    expect(await keys.tabTo('textbox', 'Path of a file or folder on this computer')).toEqual([
      'button: Drop files or folders here, or press to choose files You can drop them anywhere on this screen.',
      'button: Add files…',
      'button: Add a folder…',
      'textbox: Path of a file or folder on this computer',
    ]);
    await keys.type(join(home, 'Interviews'));
    await keys.press('Enter');
    for (const name of ['Anna.wav', 'Ben.wav', third]) await row(name).getByText('Done').waitFor(patient);
    await row('Dora.wav').getByText('Failed').waitFor(patient);
    await page.getByText('This file cannot be read as sound').waitFor(patient);
    await says('3 of 4 files are done.');
    const results = ['Anna (enhanced).wav', 'Ben (enhanced).wav', third.replace('.', ' (enhanced).')];
    expect(readdirSync(join(home, 'Interviews'))).toEqual(expect.arrayContaining(results));
    expect(await row('Anna.wav').textContent()).toMatch(/−\d+\sdB\d+\sdB0\.\d\d0:06/);
    expect((await keys.tabTo('button', 'Listen to Anna.wav before and after')).slice(0, 3)).toEqual([
      'button: Add',
      'link: Choose the engine and strength on Live',
      'DisclosureTriangle: Change the folder and the names',
    ]);
    await keys.press('Enter');
    const sound = page.getByRole('group', { name: 'Anna.wav before and after' });
    await sound.getByText(`of 0:0${fileSeconds}`).waitFor(patient);
    expect(await keys.tabTo('button', 'Play')).toEqual([
      'button: Show folder of Anna.wav',
      'button: Remove Anna.wav from the list',
      'button: Play',
    ]);
    await keys.press('Enter');
    await eventually(async () => (await state()).player?.playing).toBe(true);
    await keys.tabTo('radio', 'Original');
    await keys.press('ArrowRight');
    await eventually(() => keys.focused()).toMatchObject({ name: 'Enhanced', checked: 'true' });
    await picture('05-files', region('Queue'));
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });

  test('a backend is connected', async () => {
    const { page } = window;
    await go('Backend');
    expect(await keys.tabTo('textbox', 'Address')).toEqual([
      'button: development',
      'button: staging',
      'button: production In use',
      'button: Add an environment',
      'button: Delete…',
      'textbox: Name',
      'textbox: Address',
    ]);
    await keys.replace(address);
    expect(await keys.tabTo('textbox', 'Credential')).toEqual(['combobox: How Limpid signs in', 'textbox: Credential']);
    expect((await keys.focused()).description).toContain('No credential is saved.');
    await keys.type(credential);
    await keys.press('Enter');
    await says('Saved.');
    await eventually(async () => (await keys.focused()).description).toContain('Kept in memory, until Limpid ends.');
    expect(await keys.tabTo('button', 'Test connection')).toEqual([
      'button: Forget it…',
      'DisclosureTriangle: More settings',
      'button: Save',
      'button: Test connection',
    ]);
    await keys.press('Enter');
    await says('All steps passed.');
    expect(await page.content()).not.toContain(credential);
    await picture('06-backend', page.locator('.editor').first());
    expect(await keys.tabTo('textbox', 'Library')).toEqual(['textbox: Library']);
    await keys.replace(join(home, 'ai-coustics', libraryName));
    expect(await keys.tabTo('textbox', 'Model')).toEqual(['textbox: Model']);
    await keys.replace(join(home, 'ai-coustics', modelName));
    await keys.press('Enter');
    await region('ai-coustics on this computer').getByRole('status').getByText('Saved.').waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });

  const token = () => region(/^Token/);
  const count = (name: string) =>
    window.page.locator('.details dl > div', { hasText: name }).locator('dd').textContent();
  const arrived = async () => Number(/(\d+) arrived/.exec((await token().textContent()) ?? '')?.[1]);

  test('the licensed engine is heard, and its token is renewed in place', async () => {
    const { page } = window;
    await go('Live');
    await keys.tabTo('radio', /^Remove noise/);
    await keys.press('ArrowDown');
    await eventually(async () => (await state()).heardEngine).toBe('aic');
    expect(await keys.focused()).toMatchObject({
      name: 'ai-coustics Works up to 24 kHz, with a licence.',
      checked: 'true',
    });
    await says(`Enhancing ${deskMicrophone} with ai-coustics`);
    await eventually(() => token().textContent()).toContain('Valid');
    const before = await arrived();
    await eventually(arrived).toBeGreaterThan(before);
    expect(await keys.tabTo('button', 'Refresh now')).toEqual([
      'slider: Strength',
      'combobox: If ai-coustics cannot work',
      'DisclosureTriangle: Spectrogram',
      'button: Pause',
      'button: Refresh now',
    ]);
    const then = await arrived();
    await keys.press('Enter');
    await eventually(arrived).toBeGreaterThan(then);
    await keys.tabTo('DisclosureTriangle', /^History/);
    await keys.press('Enter');
    await token().getByText('The engine took the new token.').first().waitFor(patient);
    await keys.tabTo('DisclosureTriangle', 'Details');
    await keys.press('Enter');
    await eventually(async () => Number(await count('Tokens swapped in place'))).toBeGreaterThan(0);
    expect([await count('Models loaded'), await count('Processors created')]).toEqual(['1', '1']);
    await picture('07-token', token());
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });

  test('why the licence failed is found out', async () => {
    const { page } = window;
    const { clients } = configuration().callers;
    await letIn(clients.filter(({ id }) => !id.startsWith('kim')));
    await eventually(async () => (await state()).heardEngine).toBe('gtcrn');
    await says('in place of ai-coustics');
    await eventually(() => token().textContent()).toContain('refuses the credential');
    await page.getByRole('alert').getByText('no new one came. The token backend').waitFor(patient);
    await picture('08-licence', page.locator('main > *:not(h2)').first(), region('Voice enhancement'));
    await go('Diagnostics');
    expect(await keys.tabTo('button', 'Run the checks')).toEqual(['button: Run the checks']);
    await keys.press('Enter');
    await says('1 needed check failed.');
    const checks = page.getByRole('list', { name: 'Results of the checks' });
    const found = await checks.getByRole('listitem').filter({ hasText: 'Token backend' }).textContent();
    expect(found).toMatch(/Does not work, and is needed.*does not accept the credential.*Enter the credential again/);
    expect((await keys.focused()).name).toBe('Run the checks again');
    await picture('09-checks', region('Checks'));
    await letIn(clients);
    await go('Live');
    await keys.tabTo('button', 'Refresh now');
    await keys.press('Enter');
    await eventually(async () => (await state()).heardEngine).toBe('aic');
  });

  test('a support bundle is exported', async () => {
    const { page } = window;
    await go('Diagnostics');
    expect((await keys.tabTo('button', 'Support bundle…')).slice(-2)).toEqual([
      'button: Save the report',
      'button: Support bundle…',
    ]);
    await keys.press('Enter');
    await eventually(heading).toBe('What the support bundle holds');
    const way = await keys.tabTo('button', 'Save');
    const listed = way
      .filter((each) => each.startsWith('DisclosureTriangle'))
      .map((each) => /: ([^,]+),/.exec(each)?.[1]);
    await picture('10-bundle', page.getByRole('dialog'));
    await keys.press('Enter');
    await says('Saved: ');
    expect(await keys.focused()).toMatchObject({ role: 'button', name: 'Support bundle…' });
    const [path = ''] = /\/.*\.zip$/.exec((await page.getByText(/^Saved: /).textContent()) ?? '') ?? [];
    const files = await unzip(readFileSync(path));
    expect([...files.keys()]).toEqual(listed);
    // What a bundle must never hold.
    const all = [...files.values()].join('');
    expect([credential, home, vendor.key, ...vendor.secrets].filter((secret) => all.includes(secret))).toEqual([]);
  });

  test('everything that had the focus was seen, and nobody complained', () => {
    expect(keys.unseen).toEqual([]);
    expect(window.complaints).toEqual([]);
  });
});

const toBase64Url = (text: string): string => Buffer.from(text).toString('base64url');

/** What stands in for the vendor's library and model, where a person may have put them. */
function setLibrary(folder: string): void {
  const { libraryPath, modelPath } = buildStandIn();
  mkdirSync(folder);
  copyFileSync(libraryPath, join(folder, libraryName));
  copyFileSync(modelPath, join(folder, modelName));
}

/** A picture of the window with 256 colours, which is all it has to a good eye, and a third of the bytes. */
const inFewColours = (png: Buffer): Buffer =>
  execFileSync(
    'ffmpeg',
    [
      ...'-v error -f png_pipe -i - -vf'.split(' '),
      'split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=none',
      ...'-f image2pipe -c:v png -'.split(' '),
    ],
    { input: png },
  );

/** Talks beside a fan: two as WAV, one as MP3 where ffmpeg is, and one that is broken. */
async function setInterviews(folder: string): Promise<void> {
  mkdirSync(folder);
  const format = { sampleRate: demoRate, channels: 1, bits: 16 } as const;
  const { samples } = await loadVoice(fileSeconds);
  for (const [name, snrDb] of [
    ['Anna', 9],
    ['Ben', 4],
    ['Carl', 12],
  ] as const) {
    const { noisy } = mixAtSnr(samples, makeNoise('fan', samples.length, snrDb), snrDb, demoRate);
    writeFileSync(
      join(folder, `${name}.wav`),
      makeWav(
        noisy.map((sample) => sample / 3),
        format,
      ),
    );
  }
  writeFileSync(join(folder, 'Dora.wav'), 'half a download');
  const wav = join(folder, 'Carl.wav');
  if (!hasFfmpeg) return;
  execFileSync('ffmpeg', ['-v', 'error', '-i', wav, join(folder, third)]);
  rmSync(wav);
}
