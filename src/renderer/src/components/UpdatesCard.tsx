import { useId, useState } from 'react';
import type { UpdatesView } from '../../../shared/desktop.js';
import type { LimpidErrorShape } from '../../../shared/errors.js';
import { describeError } from '../../../shared/messages/index.js';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { useNow } from '../bridge/useNow.js';
import type { PreferenceChanges } from '../bridge/usePreferenceChanges.js';
import { channelName, updatesPanel } from '../view/desktopView.js';
import { hint, text } from '../view/text.js';
import { ConfirmDialog } from './ConfirmDialog.js';
import { AddIcon } from './icons.js';
import { Notice } from './Notice.js';
import { PreferenceSwitch } from './PreferenceSwitch.js';
import { SettingsCard } from './SettingsCard.js';
import { StateSign } from './StateSign.js';
import { Words } from './Words.js';

/** The time of the last look is told by the clock or with a date: that changes at midnight. */
const wordsEveryMs = 60_000;

interface UpdatesCardProps extends StateProps {
  updates: UpdatesView;
  changes: PreferenceChanges;
}

/** Which version this is, whether there is a newer one, and the way to it. */
export function UpdatesCard({ state, updates, changes }: UpdatesCardProps) {
  const { ask } = useConnection();
  const obstacleId = useId();
  const [failure, setFailure] = useState<LimpidErrorShape | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const panel = updatesPanel(updates, state, useNow(wordsEveryMs));
  // What main tells in the state need not be told twice.
  const refusal = failure !== null && failure.code !== updates.notice?.code ? describeError(failure) : null;

  const act = async (name: 'updates.check' | 'updates.install') => {
    setFailure(null);
    const answer = await ask(name);
    if (answer && !answer.ok) setFailure(answer.error);
  };
  const answer = (yes: boolean) => {
    setIsAsking(false);
    if (yes) void act('updates.install');
  };

  return (
    <SettingsCard heading={text('window.updates')} icon={<AddIcon />}>
      <div className="token-state">
        <StateSign tone={panel.tone} />
        <div role="status">
          <p className="updates-headline">
            <Words>{panel.message}</Words>
          </p>
          {panel.hint && (
            <p className="help">
              <Words>{panel.hint}</Words>
            </p>
          )}
        </div>
      </div>
      {panel.progress !== null && (
        <div className="progress-row">
          <progress className="progress" value={panel.progress} max={1} aria-label={text('window.updates.progress')} />
          <p className="help value">{panel.percent}</p>
        </div>
      )}
      <dl className="facts">
        <Fact name={text('window.updates.version')} value={state.version} />
        <Fact name={text('window.updates.channel')} value={channelName(updates.channel)} />
        <Fact name={text('window.updates.checked')} value={panel.checked} />
      </dl>
      {refusal && <Notice tone="problem" {...refusal} />}
      <div className="form-actions">
        {panel.isReady && (
          <button
            className="button button-strong"
            type="button"
            aria-disabled={panel.obstacle !== null}
            aria-describedby={panel.obstacle === null ? undefined : obstacleId}
            onClick={() => panel.obstacle === null && setIsAsking(true)}
          >
            {text('window.updates.install')}
          </button>
        )}
        {panel.offersCheck && (
          <button
            className="button"
            type="button"
            aria-disabled={panel.isBusy}
            onClick={() => !panel.isBusy && void act('updates.check')}
          >
            {text('window.updates.check')}
          </button>
        )}
        {panel.isReady && panel.obstacle !== null && (
          <p className="help" id={obstacleId}>
            {panel.obstacle}
          </p>
        )}
      </div>
      {/* It would decide nothing. */}
      {updates.notice?.code !== 'updates.off-by-policy' && (
        <PreferenceSwitch name="looksForUpdates" state={state} changes={changes} />
      )}
      {isAsking && (
        <ConfirmDialog
          message={text('window.updates.install.ask')}
          hint={hint('window.updates.install.ask')}
          yes={text('window.updates.install.yes')}
          no={text('window.updates.install.no')}
          onAnswer={answer}
        />
      )}
    </SettingsCard>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
