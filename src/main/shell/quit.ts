import type { App, BrowserWindow, PowerMonitor } from 'electron';

/** A disk that hangs does not keep Limpid for longer. */
const completeMs = 10_000;
/** Nor does a page that does not answer, when the session ends. */
const pageMs = 2000;

type Watched = Pick<BrowserWindow, 'on' | 'isDestroyed' | 'destroy'>;

export interface QuitParts {
  app: Pick<App, 'on' | 'quit'>;
  powerMonitor: Pick<PowerMonitor, 'on'>;
  /** How the system ends a process of a session that ends. */
  signals: Pick<NodeJS.Process, 'on'>;
  isRecording(): boolean;
  /** Completes the files; never rejects. */
  stopRecording(): Promise<unknown>;
  /** Whether a person wants a recording to end. */
  askToStopRecording(): Promise<boolean>;
  /** Hears that the session of the person ends, before anything else is done. */
  sessionEnds(): void;
}

/** The one way out: asks only where something would be lost, and never when the system ends. */
export interface Quit {
  /** Limpid is about to end: windows close for good, and nobody is asked anything. */
  readonly isUnderWay: boolean;
  /** Nothing is asked any more: the session of the person ends, or what there was to ask has been asked. */
  readonly isUnconditional: boolean;
  /** A page held the quit back. */
  heldBack(): void;
  /** From now on nothing holds the end back. */
  letGo(): void;
  /** Windows tells the windows alone that the session ends. */
  watch(window: Watched): void;
}

export function guardQuit(parts: QuitParts): Quit {
  const { app, powerMonitor, signals } = parts;
  let isUnderWay = false;
  let isSessionEnding = false;
  let isLetGo = false;
  let isAsking = false;
  let isCompleting = false;
  let mayLoseRecording = false;
  const windows = new Set<Watched>();

  const askFirst = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    const isWanted = await parts.askToStopRecording().finally(() => (isAsking = false));
    if (!isWanted || isSessionEnding) return;
    await withinMs(completeMs, parts.stopRecording());
    mayLoseRecording = true;
    app.quit();
  };

  const endWithSession = (event?: { preventDefault(): void }): void => {
    // Linux and macOS wait for us then.
    event?.preventDefault();
    if (isSessionEnding) return;
    isSessionEnding = true;
    parts.sessionEnds();
    // At once: nobody knows how long the system waits.
    if (parts.isRecording()) void parts.stopRecording();
    app.quit();
    setTimeout(() => {
      for (const window of windows) if (!window.isDestroyed()) window.destroy();
      app.quit();
    }, pageMs).unref();
  };

  const completeAndEnd = async (): Promise<void> => {
    if (isCompleting) return;
    isCompleting = true;
    await withinMs(completeMs, parts.stopRecording());
    endWithSession();
  };

  app.on('before-quit', (event) => {
    if (parts.isRecording() && !isSessionEnding && !isLetGo && !mayLoseRecording) {
      event.preventDefault();
      void askFirst();
      return;
    }
    isUnderWay = true;
  });
  // Electron hands over an event that its types do not know.
  powerMonitor.on('shutdown', endWithSession as () => void);
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) signals.on(signal, () => endWithSession());

  return {
    get isUnderWay() {
      return isUnderWay;
    },
    get isUnconditional() {
      return isSessionEnding || isLetGo;
    },
    heldBack() {
      isUnderWay = false;
      mayLoseRecording = false;
    },
    letGo() {
      isLetGo = true;
    },
    watch(window) {
      windows.add(window);
      window.on('closed', () => windows.delete(window));
      window.on('query-session-end', (event) => {
        if (!parts.isRecording() && !isCompleting) return;
        // Windows waits for what says so, and goes on by itself as soon as this process has ended.
        event.preventDefault();
        void completeAndEnd();
      });
      window.on('session-end', () => endWithSession());
    },
  };
}

async function withinMs(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
  await Promise.race([work, late]);
  clearTimeout(timer);
}
