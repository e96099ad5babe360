import type { DesktopView } from '../../../shared/desktop.js';
import { describe } from '../../../shared/messages/index.js';
import type { StateProps } from '../bridge/hooks.js';
import type { PreferenceChanges } from '../bridge/usePreferenceChanges.js';
import { loginObstacle } from '../view/desktopView.js';
import { text } from '../view/text.js';
import { WarningIcon } from './icons.js';
import { PreferenceSwitch } from './PreferenceSwitch.js';

interface DesktopSettingsProps extends StateProps {
  desktop: DesktopView;
  changes: PreferenceChanges;
}

/** What Limpid does when the person logs in, and while no window is open. */
export function DesktopSettings({ state, desktop, changes }: DesktopSettingsProps) {
  const { isSupported, problem } = desktop.loginItem;
  const failed = isSupported && problem ? describe(problem) : null;
  return (
    <>
      <PreferenceSwitch name="startsAtLogin" state={state} changes={changes} obstacle={loginObstacle(desktop)}>
        {failed && (
          <p className="field-problem" role="alert">
            <WarningIcon />
            <span>
              {failed.message} {failed.hint}
            </span>
          </p>
        )}
      </PreferenceSwitch>
      {/* On macOS a program runs on without windows anyway, until it is quit. */}
      {state.platform !== 'darwin' && (
        <PreferenceSwitch
          name="staysInTray"
          state={state}
          changes={changes}
          obstacle={desktop.hasTray ? null : text('window.desktop.no-tray')}
        />
      )}
      <PreferenceSwitch name="notifies" state={state} changes={changes} />
    </>
  );
}
