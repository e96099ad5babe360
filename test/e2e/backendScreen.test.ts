import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { LimpidError } from '../../src/shared/errors.js';
import { licensedView, type AppState } from '../../src/shared/state.js';
import { noBrowserReason } from './browser.js';
import { failedSteps, passedSteps } from './scenes.js';
import { states } from './states.js';
import type { TestBridge } from './testBridge.js';
import { eventually, useWindows } from './windows.js';

const { backend: base } = states;
const secret = 'sk-never-to-be-seen-8c1f';
const editor = (page: Page) => page.locator('.editor').first();
const address = (page: Page) => page.getByRole('textbox', { name: 'Address' });
const credential = (page: Page) => page.getByRole('textbox', { name: 'Credential' });
const save = (page: Page) => editor(page).getByRole('button', { name: 'Save' });
const focused = (page: Page) =>
  page.evaluate<string>(`document.activeElement.name || document.activeElement.textContent.trim()`);

/** Main, as far as this screen sees it: keeps what is saved, never gives a credential back. */
function keepSettings(bridge: TestBridge, start: AppState): void {
  let state = start;
  const become = (part: Partial<AppState['backend']>) => {
    state = { ...state, backend: { ...state.backend, ...part } };
    return bridge.become(state);
  };
  bridge.prepare('backend.save', async ({ name, values }) => {
    const { environments, active } = state.backend;
    const added = { values, credential: 'none' as const, signedInAs: null, lockedFields: [], isLocked: false };
    await become({
      environments:
        name === null
          ? [...environments, added]
          : environments.map((each) => (each.values.name === name ? { ...each, values } : each)),
      active: active === name && name !== null ? values.name : active,
    });
  });
  bridge.prepare('backend.setCredential', ({ name, credential: given }) =>
    become({
      environments: state.backend.environments.map((each) =>
        each.values.name === name
          ? { ...each, credential: given === null ? ('none' as const) : ('saved' as const) }
          : each,
      ),
    }),
  );
  bridge.prepare('backend.remove', ({ name }) =>
    become({ environments: state.backend.environments.filter(({ values }) => values.name !== name) }),
  );
  bridge.prepare('backend.select', ({ name }) => become({ active: name }));
}

describe.skipIf(noBrowserReason)(`the backend screen${noBrowserReason ? ` (skipped: ${noBrowserReason})` : ''}`, () => {
  const windows = useWindows();
  const open = async (state: AppState = base) => {
    const opened = await windows.open(state, { route: 'backend' });
    keepSettings(opened.bridge, state);
    return opened;
  };

  describe('the way to it', () => {
    test('by keyboard, with the focus on its heading, and back', async () => {
      const { page } = await open();
      await page.getByRole('link', { name: 'Live' }).press('Enter');
      await page.getByRole('switch', { name: 'Voice enhancement' }).waitFor();
      expect(await focused(page)).toBe('Live');
      for (const view of ['Help', 'Settings', 'Diagnostics', 'Backend']) {
        await page.keyboard.press('Shift+Tab');
        expect(await focused(page)).toBe(view);
      }
      await page.keyboard.press('Enter');
      await address(page).waitFor();
      expect(await page.evaluate('document.activeElement.tagName')).toBe('H2');
      expect(await page.title()).toBe('Limpid: Backend');
      expect(await page.getByRole('link', { name: 'Backend' }).getAttribute('aria-current')).toBe('page');
    });

    test('a reload stays, the browser’s back button goes back', async () => {
      const { page } = await open();
      await page.reload();
      await address(page).waitFor();
      await page.getByRole('link', { name: 'Live' }).click();
      await page.getByRole('switch', { name: 'Voice enhancement' }).waitFor();
      await page.goBack();
      await address(page).waitFor();
    });

    test('every control is reached by Tab, in the order of the screen', async () => {
      const { page } = await open();
      const reached: string[] = [];
      for (let count = 0; count < 17; count += 1) {
        await page.keyboard.press('Tab');
        reached.push(
          await page.evaluate<string>(`
          document.activeElement.name || document.activeElement.type === 'password' && 'credential' || document.activeElement.textContent.trim()`),
        );
        expect(await page.evaluate(`getComputedStyle(document.activeElement).outlineStyle`), reached.at(-1)).not.toBe(
          'none',
        );
      }
      expect(reached).toEqual([
        'Skip to the content',
        'Live',
        'Files',
        'Backend',
        'Diagnostics',
        'Settings',
        'Help',
        'productionIn use',
        'staging',
        'development',
        'Add an environment',
        'Delete…',
        'name',
        'url',
        'credentialKind',
        'credential',
        'Forget it…',
      ]);
    });
  });

  describe('environments', () => {
    test('are edited and renamed', async () => {
      const { page, bridge } = await open();
      await page.getByLabel('Name', { exact: true }).fill('main site');
      await address(page).fill('https://new.example/token');
      await page.keyboard.press('Enter');
      await editor(page).getByText('Saved.', { exact: true }).waitFor();
      expect(bridge.argumentsOf('backend.save')).toEqual([
        {
          name: 'production',
          values: { ...base.backend.environments[0]?.values, name: 'main site', url: 'https://new.example/token' },
        },
      ]);
      expect(bridge.argumentsOf('backend.setCredential')).toEqual([]);
      await page.getByRole('button', { name: 'main site In use' }).waitFor();
    });

    test('are added, and used when there was none', async () => {
      const { page, bridge } = await open(states['backend-fresh']);
      await page.getByRole('button', { name: 'Add an environment' }).click();
      expect(await focused(page)).toBe('name');
      expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('production');
      await address(page).fill('https://tokens.example/t');
      await credential(page).fill(secret);
      await save(page).click();
      await editor(page).getByText('Saved.', { exact: true }).waitFor();
      expect(bridge.received.map(({ name }) => name)).toEqual([
        'backend.save',
        'backend.setCredential',
        'backend.select',
      ]);
      await page.getByRole('button', { name: 'production In use' }).waitFor();
    });

    test('another one is chosen, and used', async () => {
      const { page, bridge } = await open();
      await page.getByRole('button', { name: 'staging' }).click();
      expect(await address(page).inputValue()).toContain('staging');
      await page.getByRole('button', { name: 'Use this environment' }).click();
      await page.getByRole('button', { name: 'staging In use' }).waitFor();
      expect(bridge.argumentsOf('backend.select')).toEqual([{ name: 'staging' }]);
    });

    test('are deleted after a question, whose first answer is no', async () => {
      const { page, bridge } = await open();
      await page.getByRole('button', { name: 'staging' }).click();
      await page.getByRole('button', { name: 'Delete…' }).press('Enter');
      await page.getByRole('dialog', { name: 'Delete “staging”?' }).waitFor();
      expect(await focused(page)).toBe('Cancel');
      await page.keyboard.press('Escape');
      expect(await focused(page)).toBe('Delete…');
      expect(bridge.argumentsOf('backend.remove')).toEqual([]);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Delete', exact: true }).press('Enter');
      await page.getByRole('button', { name: 'staging' }).waitFor({ state: 'detached' });
      expect(bridge.argumentsOf('backend.remove')).toEqual([{ name: 'staging' }]);
      await eventually(() => focused(page)).toBe('Backend');
    });

    test('what main refuses is said in place', async () => {
      const { page, bridge } = await open();
      bridge.prepare('backend.save', async () => {
        throw new LimpidError('backend-settings.ca-unreadable', { path: '/x.pem', detail: 'ENOENT' });
      });
      await address(page).fill('https://new.example/token');
      await save(page).click();
      await editor(page).getByRole('alert').getByText('/x.pem').waitFor();
      expect(await address(page).inputValue()).toBe('https://new.example/token');
    });
  });

  describe('what is wrong', () => {
    test('is marked beside its field after it was left, and again when saving', async () => {
      const { page, bridge } = await open();
      await address(page).fill('http://tokens.example');
      expect(await page.getByText('Use https.').count()).toBe(0);
      await page.keyboard.press('Tab');
      await page.getByText('Use https.').waitFor();
      const described = await address(page).getAttribute('aria-describedby');
      expect(await address(page).getAttribute('aria-invalid')).toBe('true');
      expect(await page.locator(`[id="${described?.split(' ')[0]}"]`).textContent()).toContain('Use https.');
      await save(page).click();
      expect(await focused(page)).toBe('url');
      expect(bridge.argumentsOf('backend.save')).toEqual([]);
    });

    test('is shown even behind “More settings”', async () => {
      const { page } = await open();
      await page.getByText('More settings').click();
      await page.getByRole('button', { name: 'Add a header' }).click();
      expect(await focused(page)).toBe('headers.0.name');
      await page.keyboard.type('no name');
      await page.getByText('More settings').click();
      await save(page).click();
      expect(await page.getByLabel('Name of header 1').isVisible()).toBe(true);
      expect(await focused(page)).toBe('headers.0.name');
      await page.getByRole('button', { name: 'Remove header 1' }).click();
      expect(await focused(page)).toBe('Add a header');
    });
  });

  describe('the credential', () => {
    test('is sent once, and is nowhere in the page afterwards', async () => {
      const { page, bridge } = await open(states['backend-lost']);
      await credential(page).fill(`  ${secret} `);
      await page.keyboard.press('Enter');
      await editor(page).getByText('Saved in the keychain.').waitFor();
      expect(bridge.argumentsOf('backend.setCredential')).toEqual([{ name: 'production', credential: secret }]);
      expect(bridge.argumentsOf('backend.save')).toEqual([]);
      expect(await credential(page).inputValue()).toBe('');
      const seen = await page.evaluate<string>(`
        document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map((each) => each.value) +
          JSON.stringify({ ...localStorage, ...sessionStorage }) + location.href`);
      expect(seen).not.toContain(secret);
    });

    test('is not written into the document even while it is typed', async () => {
      const { page } = await open();
      await credential(page).fill(secret);
      expect(await page.evaluate<string>('document.documentElement.outerHTML')).not.toContain(secret);
      expect(await credential(page).getAttribute('type')).toBe('password');
    });

    test('is forgotten after a question', async () => {
      const { page, bridge } = await open();
      await page.getByRole('button', { name: 'Forget it…' }).click();
      await page.getByRole('button', { name: 'Forget it', exact: true }).click();
      await editor(page).getByText('No credential is saved.').waitFor();
      expect(bridge.argumentsOf('backend.setCredential')).toEqual([{ name: 'production', credential: null }]);
    });

    test('stays typed when the keychain refuses it', async () => {
      const { page, bridge } = await open();
      bridge.prepare('backend.setCredential', async () => {
        throw new LimpidError('credential.invalid');
      });
      await credential(page).fill(secret);
      await save(page).click();
      await editor(page).getByRole('alert').waitFor();
      expect(await credential(page).inputValue()).toBe(secret);
    });

    test('without a keychain, or from a variable, says so', async () => {
      const { page, bridge } = await open(states['backend-memory-only']);
      await page.getByRole('alert').getByText('The keychain cannot be used').waitFor();
      await editor(page).getByText('Kept in memory, until Limpid ends.').waitFor();
      const environments = base.backend.environments.map((each) => ({ ...each, credential: 'variable' as const }));
      await bridge.become({ ...base, backend: { ...base.backend, environments } });
      await editor(page).getByText('Taken from the variable').waitFor();
      expect(await page.locator('input[type=password]').count()).toBe(0);
    });
  });

  describe('the connection test', () => {
    const run = (page: Page) => page.getByRole('button', { name: /^Test/ });
    const rows = (page: Page) => page.getByRole('list', { name: 'Steps' }).getByRole('listitem');

    test('tells each step as it ends, then the outcome', async () => {
      const { page, bridge } = await open();
      let finish = (): void => undefined;
      bridge.prepare('backend.test', async () => {
        await new Promise<void>((resolve) => (finish = resolve));
        return passedSteps;
      });
      await run(page).press('Enter');
      await eventually(() => rows(page).first().textContent()).toContain('Under way');
      const [first, second] = passedSteps;
      for (const step of [first, second]) if (step) await bridge.emit('backend.tested', { name: 'production', step });
      await eventually(() => rows(page).nth(1).textContent()).toContain('Good');
      expect(await rows(page).nth(2).textContent()).toContain('Under way');
      expect(await rows(page).nth(3).textContent()).toContain('Not yet');
      await run(page).press('Enter');
      expect(bridge.argumentsOf('backend.test')).toEqual([{ name: 'production' }]);
      finish();
      await page.getByRole('status').getByText('It works, but have a look at this: Clocks.').waitFor();
      expect(await rows(page).nth(5).textContent()).toContain('87\u00a0ms');
      expect(await focused(page)).toBe('Test connection');
    });

    test('a step of another environment is none of ours', async () => {
      const { page, bridge } = await open();
      bridge.prepare('backend.test', () => new Promise<never>(() => undefined));
      await run(page).click();
      const [step] = passedSteps;
      if (step) await bridge.emit('backend.tested', { name: 'staging', step });
      expect(await rows(page).first().textContent()).toContain('Under way');
    });

    test('a failure says where, why and what to do', async () => {
      const { page, bridge } = await open();
      bridge.prepare('backend.test', async () => failedSteps);
      await run(page).click();
      await page.getByRole('status').getByText('It stopped at: Encryption.').waitFor();
      expect(await rows(page).nth(4).textContent()).toMatch(/Failed.*does not trust.*enter its certificate file/);
      expect(await rows(page).nth(5).textContent()).toContain('Left out');
    });

    test('tries what is saved only', async () => {
      const { page, bridge } = await open();
      await address(page).fill('https://new.example');
      expect(await run(page).getAttribute('aria-disabled')).toBe('true');
      await run(page).press('Enter');
      expect(bridge.argumentsOf('backend.test')).toEqual([]);
      await page.getByText('Save your changes first').waitFor();
    });
  });

  describe('what an administrator fixed', () => {
    test('can be read, not changed, with the reason', async () => {
      const { page } = await open(states['backend-locked']);
      await page.getByRole('note').getByText('Call centre standard 4').waitFor();
      expect(await address(page).getAttribute('readonly')).not.toBeNull();
      expect(await editor(page).getByRole('combobox').count()).toBe(0);
      const ids = (await address(page).getAttribute('aria-describedby'))?.split(' ') ?? [];
      const reasons = await Promise.all(ids.map((id) => page.locator(`[id="${id}"]`).textContent()));
      expect(reasons.join(' ')).toMatch(/Set by your administrator\..*Call centre standard 4/);
      for (const name of ['Delete…', 'Add an environment', 'Use this environment']) {
        expect(await page.getByRole('button', { name }).count()).toBe(0);
      }
      expect(await credential(page).isEditable()).toBe(true);
    });
  });

  describe('unsaved changes', () => {
    const leave = (page: Page) => page.getByRole('link', { name: 'Live' }).click();
    const typed = 'https://typed.example';

    test('are kept when leaving was a mistake, and lost only on purpose', async () => {
      const { page } = await open();
      await address(page).fill(typed);
      await leave(page);
      await page.getByRole('dialog', { name: 'Discard your changes?' }).waitFor();
      expect(await focused(page)).toBe('Keep editing');
      await page.keyboard.press('Escape');
      expect(await address(page).inputValue()).toBe(typed);
      expect(page.url()).toMatch(/#backend$/);
      await leave(page);
      await page.getByRole('button', { name: 'Discard', exact: true }).click();
      await page.getByRole('switch', { name: 'Voice enhancement' }).waitFor();
      expect(page.url()).toMatch(/#live$/);
    });

    test('are asked about before another environment is shown', async () => {
      const { page } = await open();
      await credential(page).fill(secret);
      await page.getByRole('button', { name: 'staging' }).click();
      await page.getByRole('button', { name: 'Keep editing' }).click();
      expect(await credential(page).inputValue()).toBe(secret);
      await page.getByRole('button', { name: 'staging' }).click();
      await page.getByRole('button', { name: 'Discard', exact: true }).click();
      await eventually(() => address(page).inputValue()).toContain('staging');
      expect(await credential(page).inputValue()).toBe('');
    });

    test('are not lost to a reload without a question', async () => {
      const { page } = await open();
      const asked = new Promise<string>((resolve) => {
        page.on('dialog', (dialog) => {
          resolve(dialog.type());
          void dialog.accept();
        });
      });
      await address(page).pressSequentially('x');
      const reloaded = page.waitForEvent('load');
      await page.evaluate('setTimeout(() => location.reload())');
      expect(await asked).toBe('beforeunload');
      await reloaded;
      await eventually(() => address(page).inputValue()).not.toMatch(/x$/);
    });

    test('survive what others change, and both can be had', async () => {
      const { page, bridge } = await open();
      await address(page).fill(typed);
      const environments = base.backend.environments.map((each) => ({
        ...each,
        values: { ...each.values, url: 'https://other.example' },
      }));
      await bridge.become({ ...base, backend: { ...base.backend, environments } });
      await editor(page).getByText('changed elsewhere').waitFor();
      expect(await address(page).inputValue()).toBe(typed);
      await page.getByRole('button', { name: 'Discard changes' }).click();
      expect(await address(page).inputValue()).toBe('https://other.example');
    });

    test('a form nobody typed into follows main', async () => {
      const { page, bridge } = await open();
      const environments = base.backend.environments.map((each) => ({
        ...each,
        values: { ...each.values, url: 'https://other.example' },
      }));
      await bridge.become({ ...base, backend: { ...base.backend, environments } });
      await eventually(() => address(page).inputValue()).toBe('https://other.example');
    });
  });

  describe('the files of the licensed engine', () => {
    test('are chosen, and metrics switched on with words about where they go', async () => {
      const { page, bridge } = await open();
      bridge.prepare('licensed.choose', (choice) =>
        bridge.become({ ...base, licensed: licensedView.parse({ ...base.licensed, ...choice }) }),
      );
      const files = page.getByRole('region', { name: 'ai-coustics on this computer' });
      await files.getByLabel('Model', { exact: true }).fill(' /models/quail.aicmodel ');
      await files.getByRole('radio', { name: 'Send', exact: true }).click();
      await files.getByLabel('Seconds between reports').fill('0');
      await files.getByRole('button', { name: 'Save' }).click();
      expect(await focused(page)).toBe('interval');
      await files.getByLabel('Seconds between reports').fill('30');
      await files.getByRole('button', { name: 'Save' }).click();
      await files.getByText('Saved.', { exact: true }).waitFor();
      expect(bridge.argumentsOf('licensed.choose')).toEqual([
        {
          libraryPath: null,
          modelPath: '/models/quail.aicmodel',
          vadModelPath: null,
          otel: { enable: true, sessionId: null, exportIntervalMs: 30_000 },
        },
      ]);
      expect(await files.textContent()).toContain('OTEL_EXPORTER_OTLP_ENDPOINT');
      expect(await files.textContent()).toContain('Sound is never sent.');
    });
  });
});
