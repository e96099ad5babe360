import { useConnection, type StateProps } from '../bridge/hooks.js';
import { text } from '../view/text.js';
import { mainView } from '../view/viewModel.js';
import { BypassToggle } from './BypassToggle.js';
import { PowerIcon } from './icons.js';
import { LevelHistory } from './LevelHistory.js';
import { SpeechLamp } from './SpeechLamp.js';
import { Words } from './Words.js';

/** The large switch, the state in words, and the picture of what Limpid does. */
export function Top({ state }: StateProps) {
  const { command } = useConnection();
  const { switchOn, tone, headline, status, statusHint } = mainView(state);
  return (
    <section className={`card top tone-${tone}`} aria-label={text('window.switch')}>
      <button
        className="power"
        type="button"
        role="switch"
        aria-checked={switchOn}
        aria-label={text('window.switch')}
        onClick={() => void command(switchOn ? 'live.stop' : 'live.start')}
      >
        <PowerIcon />
      </button>
      <div className="top-words">
        <p className="top-headline">{headline}</p>
        <div role="status">
          <p className="top-status">
            <Words>{status}</Words>
          </p>
          {statusHint && (
            <p className="top-hint">
              <Words>{statusHint}</Words>
            </p>
          )}
        </div>
      </div>
      <div className="top-actions">
        <BypassToggle bypass={state.bypass} hasKey={state.preferences.singleKeyShortcuts} />
        <SpeechLamp />
      </div>
      <LevelHistory />
    </section>
  );
}
