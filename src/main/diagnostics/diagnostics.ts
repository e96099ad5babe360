import { randomUUID } from 'node:crypto';
import type { CallArgument, CallName, CallValue } from '../../shared/contract.js';
import type { BundleEntry, CheckView, SelfTestView } from '../../shared/diagnostics.js';
import { LimpidError } from '../../shared/errors.js';
import { inLanguage } from '../../shared/language.js';
import type { AppState } from '../../shared/state.js';
import type { Enhancer } from '../audio/enhancer.js';
import type { Native } from '../audio/native.js';
import type { Licensing } from '../auth/licensing.js';
import { defaultLogPath } from '../mishaps.js';
import { redact } from '../redact.js';
import type { SettingsStore } from '../settings/settings.js';
import { composeBundle, zip } from './bundle.js';
import { CheckRun } from './checkRun.js';
import { readErrorLogs, readPolicy, readSystem, scrubFacts, type SessionFacts } from './facts.js';
import { appChecks } from './index.js';
import { writeReport } from './report.js';
import { defaultReportFolder, makeReportFolder, saveDated } from './reportFolder.js';
import { SelfTest, type SelfTestOptions } from './selfTest.js';
import { SessionLog } from './sessionLog.js';

type Names = Extract<
  CallName,
  | 'diagnostics.run'
  | 'diagnostics.openFolder'
  | 'selfTest.start'
  | 'selfTest.stop'
  | 'session.history'
  | 'report.save'
  | 'bundle.preview'
  | 'bundle.save'
>;

/** So many previews are kept until they are saved: each window may look at one. */
const keptPreviews = 4;
const sampleEveryMs = 1000;

export interface DiagnosticsOptions {
  native: Native | null;
  enhancer: Pick<Enhancer, 'numbers' | 'onState' | 'state'>;
  licensing: Licensing;
  settings: Pick<SettingsStore, 'values'>;
  catalog: SelfTestOptions['catalog'];
  virtualMicrophone: SelfTestOptions['virtualMicrophone'];
  microphone: SelfTestOptions['microphone'];
  readState(): AppState;
  /** Shows a folder to the person. */
  openFolder(path: string): Promise<void>;
  /** Tells the windows how the checks stand. */
  checked(views: CheckView[]): void;
  changed(): void;
  /** Where reports and bundles go; default: in the user's folder for documents. */
  folder?: string;
  /** Of the errors that nobody foresaw; default: where the app writes it. */
  errorLogPath?: string;
  /** Of the self-test, in seconds; default 30. */
  selfTestSeconds?: number;
}

interface Preview {
  id: string;
  entries: BundleEntry[];
  at: Date;
}

/** What works, what does not, what the session was like, and how all of it reaches somebody who can help. */
export class Diagnostics {
  readonly #options: DiagnosticsOptions;
  readonly #folder: string;
  readonly #checks: CheckRun;
  readonly #selfTest: SelfTest;
  readonly #log = new SessionLog();
  readonly #sampling: NodeJS.Timeout;
  #previews: Preview[] = [];

  constructor(options: DiagnosticsOptions) {
    const { native, enhancer, licensing, settings, catalog, virtualMicrophone, microphone, selfTestSeconds } = options;
    this.#options = options;
    this.#folder = options.folder ?? defaultReportFolder();
    const checks = appChecks({
      licensing,
      microphonePermission: () => microphone.status(),
      isLicensedChosen: () => settings.values.engine === 'aic',
    });
    this.#checks = new CheckRun(checks, options.checked);
    this.#selfTest = new SelfTest({
      native,
      catalog,
      virtualMicrophone,
      microphone,
      wishes: () => settings.values,
      phase: () => enhancer.state.phase,
      changed: options.changed,
      ...(selfTestSeconds === undefined ? {} : { seconds: selfTestSeconds }),
    });
    this.#log.follow(enhancer.state);
    enhancer.onState((state) => {
      this.#log.follow(state);
      if (state.phase !== 'off' && state.phase !== 'failed') void this.#selfTest.giveWay();
    });
    this.#sampling = setInterval(() => this.#log.sample(enhancer.numbers), sampleEveryMs);
    this.#sampling.unref();
  }

  get state(): { selfTest: SelfTestView } {
    return { selfTest: this.#selfTest.view };
  }

  readonly handlers: { [Name in Names]: (argument: CallArgument<Name>) => Promise<CallValue<Name>> } = {
    'diagnostics.run': () => this.#checks.run(),
    'diagnostics.openFolder': async () => void (await this.#openFolder()),
    'selfTest.start': () => this.#selfTest.start(),
    'selfTest.stop': async () => void (await this.#selfTest.stop()),
    'session.history': async () => this.#log.history,
    'report.save': async ({ language }) => {
      const facts = this.#gather();
      const content = inLanguage(language, () => redact(writeReport(scrubFacts(facts))));
      return { path: await this.#save('Limpid report', '.html', content, new Date(facts.writtenAtMs)) };
    },
    'bundle.preview': async ({ language }) => {
      if (this.#checks.last.length === 0) await this.#checks.run();
      const facts = this.#gather();
      const entries = inLanguage(language, () => composeBundle(facts));
      const preview = { id: randomUUID(), entries, at: new Date(facts.writtenAtMs) };
      this.#previews = [...this.#previews, preview].slice(-keptPreviews);
      return { id: preview.id, entries };
    },
    'bundle.save': async ({ id }) => {
      const preview = this.#previews.find((each) => each.id === id);
      if (!preview) throw new LimpidError('bundle.outdated');
      const { entries, at } = preview;
      return { path: await this.#save('Limpid support bundle', '.zip', await zip(entries, at), at) };
    },
  };

  /** Before the voice is switched on: the test, if one runs, lets its devices go. */
  async giveWay(): Promise<void> {
    await this.#selfTest.giveWay();
  }

  async dispose(): Promise<void> {
    clearInterval(this.#sampling);
    await this.#selfTest.giveWay();
  }

  #gather(): SessionFacts {
    const { native, enhancer, licensing, settings, readState } = this.#options;
    return {
      writtenAtMs: Date.now(),
      state: readState(),
      numbers: enhancer.numbers,
      history: this.#log.history,
      checks: this.#checks.last,
      system: readSystem(native),
      settings: settings.values,
      policy: readPolicy(licensing.policy),
      errorLogs: readErrorLogs(this.#options.errorLogPath ?? defaultLogPath()),
    };
  }

  #save(title: string, ending: string, content: string | Uint8Array, at: Date): Promise<string> {
    return saveDated(this.#folder, { title, ending, content, at });
  }

  async #openFolder(): Promise<void> {
    makeReportFolder(this.#folder);
    await this.#options.openFolder(this.#folder).catch((cause: unknown) => {
      throw new LimpidError('report.cannot-open', { folder: this.#folder }, { cause });
    });
  }
}
