import { useId } from 'react';
import { globalActions, type DesktopView } from '../../../shared/desktop.js';
import type { StateProps } from '../bridge/hooks.js';
import type { PreferenceChanges } from '../bridge/usePreferenceChanges.js';
import { acceleratorWords } from '../view/accelerators.js';
import { lockWordsOf } from '../view/locks.js';
import { hint, text } from '../view/text.js';
import { KeyCaps } from './KeyCaps.js';
import { KeyRecorder } from './KeyRecorder.js';
import { LockLine } from './LockLine.js';

interface GlobalShortcutsProps extends StateProps {
  desktop: DesktopView;
  changes: PreferenceChanges;
}

/** Keys that work in every program, and what to do where the desktop passes none on. */
export function GlobalShortcuts({ state, desktop, changes }: GlobalShortcutsProps) {
  const lockId = useId();
  const { platform, preferences } = state;
  const shortcuts = preferences.globalShortcuts;
  const lock = lockWordsOf(state, 'globalShortcuts');
  return (
    <>
      <p className="help settings-prose">{hint('window.keys')}</p>
      {lock ? (
        <>
          <dl className="settings-keys settings-keys-wide" aria-describedby={lockId}>
            {globalActions.map((action) => (
              <div key={action}>
                <dt>{text(`desktop.action.${action}`)}</dt>
                <dd>
                  {shortcuts[action] === null ? (
                    text('window.keys.none')
                  ) : (
                    <KeyCaps words={acceleratorWords(shortcuts[action], platform)} />
                  )}
                </dd>
              </div>
            ))}
          </dl>
          <LockLine id={lockId} words={lock} />
        </>
      ) : (
        <div className="recorders">
          {globalActions.map((action) => (
            <KeyRecorder
              key={action}
              action={action}
              shortcuts={shortcuts}
              platform={platform}
              problem={desktop.shortcutProblems[action]}
              onChange={(keys) => changes.change('globalShortcuts', { ...shortcuts, [action]: keys })}
            />
          ))}
        </div>
      )}
      {platform === 'linux' && (
        <details className="details">
          <summary>{text('window.keys.wayland')}</summary>
          <p className="help settings-prose">{hint('window.keys.wayland')}</p>
          <dl className="settings-keys settings-keys-wide">
            {globalActions.map((action) => (
              <div key={action}>
                <dt>{text(`desktop.action.${action}`)}</dt>
                <dd>
                  <code>{`${desktop.command} --${action}`}</code>
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </>
  );
}
