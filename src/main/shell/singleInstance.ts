import type { App } from 'electron';
import type { GlobalAction } from '../../shared/desktop.js';
import { parseArguments, plainRequest, request, type Request } from './arguments.js';

/** The one process of Limpid, and what others that were started ask of it. */
export interface SingleInstance {
  /** False: another Limpid runs and was told; this process ends. */
  readonly isFirst: boolean;
  /** What this process was started for. */
  readonly request: Request;
  /** Lets `act` do what second starts ask for, from now on and those that came before. */
  serve(act: (action: GlobalAction) => void): void;
  /** From now on nothing is done any more. */
  end(): void;
  /** The words for a Limpid that starts instead, where a start was asked for after the end began; null: it was not. */
  readonly lateArguments: string[] | null;
}

/**
 * Claims to be the only Limpid of this user. A second one hands over what it was started for and is refused; whatever reaches the
 * first that is not of that shape (another version's, or anybody's) shows the window.
 */
export function claimSingleInstance(
  app: Pick<App, 'requestSingleInstanceLock' | 'on'>,
  argv: readonly string[],
): SingleInstance {
  const own = parseArguments(argv);
  const early: GlobalAction[] = [];
  let late: GlobalAction | null = null;
  let act = (action: GlobalAction): void => void early.push(action);
  const isFirst = app.requestSingleInstanceLock(own);
  // At once: one that comes while this process is still starting must not be lost.
  if (isFirst) app.on('second-instance', (_event, _argv, _folder, sent: unknown) => act(readAction(sent)));
  return {
    isFirst,
    request: own,
    serve(perform) {
      act = perform;
      for (const action of early.splice(0)) perform(action);
    },
    end() {
      act = (action) => (late = action);
    },
    get lateArguments() {
      return late && [`--${late}`];
    },
  };
}

/** The command line is no substitute: Chromium puts its own words into it and sorts it. */
function readAction(sent: unknown): GlobalAction {
  const { action } = request.catch(plainRequest).parse(sent);
  return action ?? 'show';
}
