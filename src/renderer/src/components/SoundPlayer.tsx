import { useId, type KeyboardEvent, type Ref } from 'react';
import { describe, describeError } from '../../../shared/messages/index.js';
import { soundVersion, type SoundSource, type SoundVersion } from '../../../shared/player.js';
import type { AppState } from '../../../shared/state.js';
import { useLink } from '../bridge/hooks.js';
import { usePlayer, useWaveforms, type Player } from '../bridge/usePlayer.js';
import { automaticOutput, describeOutput, monitorOptions, otherVersion } from '../view/playerView.js';
import { lockWordsOf } from '../view/locks.js';
import { hint, text } from '../view/text.js';
import { DevicePicker } from './DevicePicker.js';
import { PauseIcon, PlayIcon } from './icons.js';
import { Notice } from './Notice.js';
import { Waveform } from './Waveform.js';

interface SoundPlayerProps {
  source: SoundSource;
  /** The button that plays. */
  playButton?: Ref<HTMLButtonElement>;
}

/** A sound before and after, on one play head. Nothing is opened before it is asked for. */
export function SoundPlayer(props: SoundPlayerProps) {
  const { state } = useLink();
  return state && <OpenPlayer {...props} state={state} />;
}

function OpenPlayer({ source, playButton, state }: SoundPlayerProps & { state: AppState }) {
  const player = usePlayer(state, source);
  const { drawn, failure } = useWaveforms(source);
  const { view, act } = player;
  const isPlaying = view?.playing ?? false;
  const heard = view?.heard ?? 'original';
  const durationSeconds = view?.durationSeconds ?? drawn?.seconds ?? 0;
  const refusal = player.failure ?? failure;
  const problem = view?.problem ? describe(view.problem) : refusal && describeError(refusal);

  const onKeyDown = (event: KeyboardEvent) => {
    const isTyping = event.target instanceof HTMLSelectElement;
    if (isTyping || event.altKey || event.ctrlKey || event.metaKey || event.key.toLowerCase() !== 'x') return;
    event.preventDefault();
    if (!event.repeat) void act('player.hear', { version: otherVersion(heard) });
  };

  return (
    <div className="player" role="group" aria-label={text('window.player')} onKeyDown={onKeyDown}>
      <div className="player-row">
        <button
          className="button button-strong player-play"
          type="button"
          ref={playButton}
          onClick={() => void act(isPlaying ? 'player.pause' : 'player.play')}
        >
          {isPlaying ? <PauseIcon /> : <PlayIcon />}
          {text(isPlaying ? 'window.player.pause' : 'window.player.play')}
        </button>
        <VersionSwitch heard={heard} act={act} />
      </div>
      <Waveform
        drawn={drawn}
        heard={heard}
        isOpen={view !== null}
        positionSeconds={view?.positionSeconds ?? 0}
        durationSeconds={durationSeconds}
        onSeek={player.seek}
      />
      {problem && <Notice tone="warning" message={problem.message} hint={problem.hint} />}
      <OutputChoice state={state} act={act} />
    </div>
  );
}

interface ActingProps {
  act: Player['act'];
}

function VersionSwitch({ heard, act }: ActingProps & { heard: SoundVersion }) {
  const [groupName, helpId] = [useId(), useId()];
  return (
    <div
      className="player-versions"
      role="radiogroup"
      aria-label={text('window.player.version')}
      aria-describedby={helpId}
    >
      {soundVersion.options.map((version) => (
        <label key={version} className="player-version">
          <input
            type="radio"
            name={groupName}
            value={version}
            checked={version === heard}
            onChange={() => void act('player.hear', { version })}
          />
          {text(`window.player.${version}`)}
        </label>
      ))}
      <span className="help player-key" id={helpId}>
        {hint('window.player.version')}
      </span>
    </div>
  );
}

/** Which output sounds are played on. */
function OutputChoice({ state, act }: ActingProps & { state: AppState }) {
  const labelId = useId();
  return (
    <details className="details player-output">
      <summary>{describeOutput(state)}</summary>
      <div className="player-output-form">
        <p className="field-label" id={labelId}>
          {text('window.player.output')}
        </p>
        <DevicePicker
          labelledBy={labelId}
          options={monitorOptions(state)}
          help={text('window.player.output.help')}
          lock={lockWordsOf(state, 'monitor')}
          onChoose={(id) => void act('player.chooseOutput', { id: id === automaticOutput ? null : id })}
        />
      </div>
    </details>
  );
}
