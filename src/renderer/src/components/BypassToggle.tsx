import { useCallback, useId } from 'react';
import { useConnection } from '../bridge/hooks.js';
import { useHold } from '../bridge/useHold.js';
import { hint, text } from '../view/text.js';

/** Switches between the enhanced and the original voice, without a jump in time. */
export function BypassToggle({ bypass }: { bypass: boolean }) {
  const hintId = useId();
  const { command } = useConnection();
  const change = useCallback((next: boolean) => void command('live.setBypass', { bypass: next }), [command]);
  const hold = useHold(bypass, change);
  return (
    <div className="bypass">
      <button className="button bypass-button" type="button" aria-pressed={bypass} aria-describedby={hintId} {...hold}>
        <span className="bypass-mark" />
        {text('window.bypass')}
      </button>
      <p className="help" id={hintId}>
        {hint('window.bypass')}
      </p>
    </div>
  );
}
