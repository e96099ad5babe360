import { useEffect, useId, useRef, useState } from 'react';
import type { EnvironmentView, SignInMethod, SignInView } from '../../../shared/backend.js';
import type { LimpidErrorShape } from '../../../shared/errors.js';
import { describe, describeError, type Message } from '../../../shared/messages/index.js';
import type { AppState } from '../../../shared/state.js';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { useNow } from '../bridge/useNow.js';
import { signInPanel } from '../view/signInView.js';
import { hint, text } from '../view/text.js';
import { formatCountdown } from '../view/time.js';
import { ConfirmDialog } from './ConfirmDialog.js';
import { CopyButton } from './CopyButton.js';
import { PersonIcon } from './icons.js';
import { Notice } from './Notice.js';
import { StateSign } from './StateSign.js';
import { Words } from './Words.js';

/** What went wrong; `method`: what can be tried again. */
interface Failure extends Message {
  method: SignInMethod | null;
}

interface SignInCardProps extends StateProps {
  /** Null: an environment that is not saved yet. */
  view: EnvironmentView | null;
  /** What is typed is not what one would sign in with. */
  isUnsaved: boolean;
}

/** Who is signed in, and the ways in and out. It stands where the other kinds have their credential. */
export function SignInCard({ state, view, isUnsaved }: SignInCardProps) {
  const { ask } = useConnection();
  const [headingId, helpId] = [useId(), useId()];
  const card = useRef<HTMLDivElement>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const panel = signInPanel(state, view);
  const { underWay, failed, methods, canEnd } = panel;
  const name = view?.values.name ?? null;
  const isOff = isUnsaved || name === null;
  const problem: Failure | null = failed ?? failure;

  const retryWith = methods.find((method) => method === problem?.method) ?? null;
  const others = methods.filter((method) => method !== retryWith);

  const isUnderWay = underWay !== null;
  const [wasUnderWay, setWasUnderWay] = useState(isUnderWay);
  if (isUnderWay !== wasUnderWay) {
    setWasUnderWay(isUnderWay);
    // Also when another window begins one.
    if (isUnderWay) setFailure(null);
  }

  // The button that was used goes when things have changed: who used it goes on from here.
  const face = `${panel.message} ${problem?.message ?? ''}`;
  const shownFace = useRef(face);
  useEffect(() => {
    if (shownFace.current === face) return;
    shownFace.current = face;
    if (document.activeElement === document.body) card.current?.focus({ preventScroll: true });
  }, [face]);

  const show = (error: LimpidErrorShape | undefined, method: SignInMethod | null) => {
    // Somebody gave it up, or began another in its place.
    if (error?.code === 'cancelled') return;
    const words = error ? describeError(error) : describe({ code: 'window.disconnected', params: {} });
    setFailure({ ...words, method });
  };
  const start = async (method: SignInMethod) => {
    if (name === null || isOff) return;
    setFailure(null);
    const answer = await ask('signIn.start', { name, method });
    if (!answer?.ok) show(answer?.error, method);
  };
  const cancel = async () => {
    const answer = await ask('signIn.cancel');
    if (!answer?.ok) show(answer?.error, null);
  };
  const answerEnd = async (yes: boolean) => {
    setIsAsking(false);
    if (!yes || name === null) return;
    setFailure(null);
    const answer = await ask('signIn.end', { name });
    if (!answer?.ok) show(answer?.error, null);
  };

  return (
    <div
      className="field credential sign-in"
      role="group"
      aria-labelledby={headingId}
      aria-describedby={isOff ? helpId : undefined}
      tabIndex={-1}
      ref={card}
    >
      <p className="field-label sign-in-heading" id={headingId}>
        <PersonIcon />
        {text('window.signIn')}
      </p>
      <div className="token-state">
        <StateSign tone={panel.tone} />
        <div role="status">
          <p className="sign-in-state">
            <Words>{panel.message}</Words>
          </p>
          {underWay?.userCode && (
            <p className="for-readers">{text('window.signIn.device.spoken', { code: underWay.userCode })}</p>
          )}
          <p className="help">
            <Words>{panel.hint}</Words>
          </p>
        </div>
      </div>
      {underWay && <UnderWay view={underWay} />}
      {problem && (
        <Notice tone="problem" message={problem.message} hint={problem.hint}>
          {retryWith && (
            <button
              className="button button-strong"
              type="button"
              aria-disabled={isOff}
              onClick={() => void start(retryWith)}
            >
              {text('window.retry')}
            </button>
          )}
          <button className="button" type="button" onClick={() => (failed ? void cancel() : setFailure(null))}>
            {text('window.dismiss')}
          </button>
        </Notice>
      )}
      <div className="form-actions">
        {underWay && (
          <button className="button" type="button" onClick={() => void cancel()}>
            {text('window.signIn.cancel')}
          </button>
        )}
        {underWay?.method === 'browser' && (
          <button className="button" type="button" onClick={() => void start('device')}>
            {text('window.signIn.code')}
          </button>
        )}
        {others.map((method) => (
          <button
            key={method}
            className={method === others[0] && !retryWith && !isOff ? 'button button-strong' : 'button'}
            type="button"
            aria-disabled={isOff}
            aria-describedby={isOff ? helpId : undefined}
            onClick={() => void start(method)}
          >
            {text(labelOf(method, state.host))}
          </button>
        ))}
        {canEnd && (
          <button className="button" type="button" onClick={() => setIsAsking(true)}>
            {text('window.signIn.end')}
          </button>
        )}
      </div>
      {isOff && methods.length > 0 && (
        <p className="help" id={helpId}>
          {text(name === null ? 'window.signIn.new' : 'window.signIn.unsaved')}
        </p>
      )}
      {isAsking && name !== null && (
        <ConfirmDialog
          message={text('window.signIn.end.ask', { name })}
          hint={hint('window.signIn.end.ask')}
          yes={text('window.signIn.end.yes')}
          no={text('window.cancel')}
          onAnswer={(yes) => void answerEnd(yes)}
        />
      )}
    </div>
  );
}

function labelOf(method: SignInMethod, host: AppState['host']) {
  if (method === 'browser') return 'window.signIn.start';
  return host === 'panel' ? 'window.signIn.code.only' : 'window.signIn.code';
}

/** What to type in, and where, for as long as it is good. */
function UnderWay({ view: { userCode, verificationUrl, expiresAtMs } }: { view: SignInView }) {
  if (userCode === null && verificationUrl === null && expiresAtMs === null) return null;
  return (
    <dl className="sign-in-way">
      {userCode !== null && (
        <div>
          <dt>{text('window.signIn.user-code')}</dt>
          <dd className="sign-in-row">
            <span className="sign-in-code">{userCode}</span>
            <CopyButton value={userCode} code="window.signIn.copy.code" />
          </dd>
        </div>
      )}
      {verificationUrl !== null && (
        <div>
          <dt>{text('window.signIn.address')}</dt>
          <dd className="sign-in-row">
            <span className="sign-in-address">
              <Words>{verificationUrl}</Words>
            </span>
            <CopyButton value={verificationUrl} code="window.signIn.copy.address" />
          </dd>
        </div>
      )}
      {expiresAtMs !== null && <TimeLeft untilMs={expiresAtMs} />}
    </dl>
  );
}

/** Renders by itself each second, so that the card does not. */
function TimeLeft({ untilMs }: { untilMs: number }) {
  const nowMs = useNow(1000);
  return (
    <div>
      <dt>{text('window.signIn.left')}</dt>
      <dd className="value">{formatCountdown(untilMs - nowMs)}</dd>
    </div>
  );
}
