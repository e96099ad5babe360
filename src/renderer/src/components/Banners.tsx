import { describe } from '../../../shared/messages/index.js';
import type { AppState } from '../../../shared/state.js';
import type { Connection } from '../bridge/connection.js';
import { useConnection, useLink, type StateProps } from '../bridge/hooks.js';
import { linkTo } from '../bridge/useRoute.js';
import { text, type TextCode } from '../view/text.js';
import { feedbackNotice, problemView, type ProblemAction } from '../view/viewModel.js';
import { Notice } from './Notice.js';

type Run = (command: Connection['command'], state: AppState) => Promise<boolean>;

const commands = {
  retry: { label: 'window.retry', run: (command) => command('live.start') },
  // Main restarts an engine that failed when it is selected again.
  engine: { label: 'window.engine.restart', run: (command, { engine }) => command('live.setEngine', { engine }) },
  permission: { label: 'window.input.permission', run: (command) => command('permission.openSettings') },
  rescan: { label: 'window.device.rescan', run: (command) => command('devices.rescan') },
} as const satisfies Partial<Record<ProblemAction, { label: TextCode; run: Run }>>;

const views = {
  backend: 'window.problem.backend',
  diagnostics: 'window.mishap.diagnostics',
} as const satisfies Partial<Record<ProblemAction, TextCode>>;

/** What needs attention, most urgent first. */
export function Banners({ state }: StateProps) {
  const { command, dismissError } = useConnection();
  const problem = problemView(state, useLink().commandError);
  return (
    <>
      {state.mutedByFeedback && (
        <Notice tone="muted" {...describe(feedbackNotice)}>
          <button className="button button-strong" type="button" onClick={() => void command('live.unmute')}>
            {text('window.unmute')}
          </button>
        </Notice>
      )}
      {problem && (
        <Notice tone="problem" message={problem.message} hint={problem.hint}>
          {problem.actions.map((action) => {
            if (action === 'dismiss')
              return (
                <button key={action} className="button" type="button" onClick={dismissError}>
                  {text('window.dismiss')}
                </button>
              );
            if (action === 'backend' || action === 'diagnostics')
              return (
                // Who is there already needs no way to it.
                linkTo(action) !== location.hash && (
                  <a key={action} className="button" href={linkTo(action)}>
                    {text(views[action])}
                  </a>
                )
              );
            return (
              <button
                key={action}
                className={action === problem.actions[0] ? 'button button-strong' : 'button'}
                type="button"
                onClick={() => void commands[action].run(command, state)}
              >
                {text(commands[action].label)}
              </button>
            );
          })}
        </Notice>
      )}
      {state.mishap && (
        <Notice tone="warning" {...describe(state.mishap)}>
          {Number(state.mishap.params['count']) > 1 && (
            // It grows by the minute; read out is only that there is something.
            <span className="help" aria-live="off">
              {text('window.mishap.count', { count: Number(state.mishap.params['count']) })}
            </span>
          )}
          <a className="button" href={linkTo('diagnostics')}>
            {text('window.mishap.diagnostics')}
          </a>
          <button className="button" type="button" onClick={() => void command('mishap.dismiss')}>
            {text('window.dismiss')}
          </button>
        </Notice>
      )}
    </>
  );
}
