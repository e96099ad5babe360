import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import type { Notice } from '../../../shared/errors.js';
import { recordingKeysMs, type GlobalAction, type GlobalShortcuts } from '../../../shared/desktop.js';
import { describe } from '../../../shared/messages/index.js';
import type { AppState } from '../../../shared/state.js';
import { useConnection } from '../bridge/hooks.js';
import { acceleratorLine, acceleratorWords, findOwner, inWords, readPress } from '../view/accelerators.js';
import { text } from '../view/text.js';
import { WarningIcon } from './icons.js';
import { KeyCaps } from './KeyCaps.js';

interface KeyRecorderProps {
  action: GlobalAction;
  shortcuts: GlobalShortcuts;
  platform: AppState['platform'];
  /** Why the keys do not work; null where all is well. */
  problem: Notice | null;
  onChange(keys: string | null): void;
}

/** The keys of one action: shown, and replaced by those that are pressed next. Tab goes on as everywhere. */
export function KeyRecorder({ action, shortcuts, platform, problem, onChange }: KeyRecorderProps) {
  const [labelId, keysId, helpId, problemId] = [useId(), useId(), useId(), useId()];
  const { ask } = useConnection();
  const recorder = useRef<HTMLButtonElement>(null);
  /** The modifiers that are down; null: nothing is being recorded. */
  const [held, setHeld] = useState<string[] | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const keys = shortcuts[action];
  const label = text(`desktop.action.${action}`);
  const isRecording = held !== null;
  const conflict = problem && !isRecording ? describe(inWords(problem, platform)) : null;

  // Keys of the whole system never reach a page, and would act meanwhile.
  useEffect(() => {
    if (!isRecording) return undefined;
    void ask('shortcuts.record', { recording: true });
    const timer = setTimeout(() => setHeld(null), recordingKeysMs);
    return () => {
      clearTimeout(timer);
      void ask('shortcuts.record', { recording: false });
    };
  }, [ask, isRecording]);

  const finish = (next: string | null) => {
    setHeld(null);
    setRefusal(null);
    if (next !== keys) onChange(next);
  };

  const take = (event: KeyboardEvent) => {
    if (!isRecording) return;
    const press = readPress(event.nativeEvent, platform);
    if (press.kind === 'pass') return;
    event.preventDefault();
    if (event.repeat) return;
    if (press.kind === 'held') return setHeld(press.words);
    if (press.kind === 'leave') return finish(keys);
    if (press.kind === 'clear') return finish(null);
    if (press.kind === 'refused') return setRefusal(press.why);
    const owner = findOwner(press.accelerator, action, shortcuts, platform);
    if (owner === null) return finish(press.accelerator);
    const taken = { keys: acceleratorLine(press.accelerator, platform), other: text(`desktop.action.${owner}`) };
    setRefusal(text('shortcut.duplicate', taken));
  };

  const remove = () => {
    // The button goes with the keys.
    recorder.current?.focus();
    finish(null);
  };

  return (
    <div className="recorder">
      <p className="field-label" id={labelId}>
        {label}
      </p>
      <div className="recorder-row">
        <button
          ref={recorder}
          className={isRecording ? 'button recorder-keys recorder-on' : 'button recorder-keys'}
          type="button"
          aria-labelledby={`${labelId} ${keysId}`}
          aria-describedby={conflict || refusal ? `${problemId} ${helpId}` : helpId}
          onClick={() => {
            setRefusal(null);
            setHeld(isRecording ? null : []);
          }}
          onKeyDown={take}
          onKeyUp={(event) => {
            if (!isRecording) return;
            // A space that is held is no click.
            event.preventDefault();
            const press = readPress(event.nativeEvent, platform);
            if (press.kind === 'held') setHeld(press.words);
          }}
          onBlur={() => {
            setHeld(null);
            setRefusal(null);
          }}
        >
          <span id={keysId}>
            {isRecording && held.length === 0 && text('window.keys.press')}
            {isRecording && held.length > 0 && <KeyCaps words={held} />}
            {!isRecording && keys === null && text('window.keys.none')}
            {!isRecording && keys !== null && <KeyCaps words={acceleratorWords(keys, platform)} />}
          </span>
        </button>
        {keys !== null && (
          <button
            className="button"
            type="button"
            aria-label={text('window.keys.remove.of', { action: label })}
            onClick={remove}
          >
            {text('window.keys.remove')}
          </button>
        )}
      </div>
      {refusal && (
        <p className="field-problem" id={problemId} role="alert">
          <WarningIcon />
          {refusal}
        </p>
      )}
      {conflict && !refusal && (
        <p className="field-problem" id={problemId}>
          <WarningIcon />
          <span>
            {conflict.message} {conflict.hint}
          </span>
        </p>
      )}
      <p className="help" id={helpId} role="status">
        {isRecording && text('window.keys.recording')}
      </p>
    </div>
  );
}
