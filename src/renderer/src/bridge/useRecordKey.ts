import { useEffect, useRef } from 'react';
import type { AppState } from '../../../shared/state.js';
import { recordingPanel } from '../view/recordingView.js';
import { isAlone, singleKeys } from '../view/shortcuts.js';
import { useConnection } from './hooks.js';
import { followKeys } from './singleKeys.js';

/** Starts and ends a recording by one key, where single keys are wanted; what comes of it is told as for the button. */
export function useRecordKey(state: AppState): void {
  const { command } = useConnection();
  const { isRecording, canStart } = recordingPanel(state);
  const wanted = isRecording ? 'recording.stop' : canStart ? 'recording.start' : null;
  const isBusy = useRef(false);
  const isOn = state.preferences.singleKeyShortcuts;
  useEffect(() => {
    if (!isOn) return undefined;
    const press = async () => {
      if (!wanted || isBusy.current) return;
      isBusy.current = true;
      await command(wanted);
      isBusy.current = false;
    };
    return followKeys({
      onKeyDown: (event) => {
        if (!isAlone(event, singleKeys.record)) return false;
        void press();
        return true;
      },
    });
  }, [isOn, wanted, command]);
}
