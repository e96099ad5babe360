import { useCallback, useId } from 'react';
import { useConnection } from '../bridge/hooks.js';
import { useHold } from '../bridge/useHold.js';
import { singleKeys } from '../view/shortcuts.js';
import { hint, text } from '../view/text.js';

interface BypassToggleProps {
  bypass: boolean;
  /** Whether its key works, too. */
  hasKey: boolean;
}

/** Switches between the enhanced and the original voice, without a jump in time. */
export function BypassToggle({ bypass, hasKey }: BypassToggleProps) {
  const hintId = useId();
  const { command, ask } = useConnection();
  const change = useCallback((next: boolean) => void command('live.setBypass', { bypass: next }), [command]);
  const tell = useCallback((held: boolean) => void ask('live.holdBypass', { held }), [ask]);
  const hold = useHold({ pressed: bypass, change, hold: tell, key: hasKey ? singleKeys.bypass : null });
  return (
    <div className="bypass">
      <button
        className="button bypass-button"
        type="button"
        aria-pressed={bypass}
        aria-describedby={hintId}
        aria-keyshortcuts={hasKey ? singleKeys.bypass.toUpperCase() : undefined}
        {...hold}
      >
        <span className="bypass-mark" />
        {text('window.bypass')}
      </button>
      <p className="help" id={hintId}>
        {hasKey ? text('window.bypass.key') : hint('window.bypass')}
      </p>
    </div>
  );
}
