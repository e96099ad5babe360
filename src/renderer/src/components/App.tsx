import { useCallback, useEffect, useRef } from 'react';
import { describe, describeError } from '../../../shared/messages/index.js';
import { useConnection, useLink, type StateProps } from '../bridge/hooks.js';
import { LeaveGuardContext, useOwnLeaveGuard } from '../bridge/leaveGuard.js';
import { useIntroduction } from '../bridge/useIntroduction.js';
import { useRecordKey } from '../bridge/useRecordKey.js';
import { useRoute } from '../bridge/useRoute.js';
import { showsToken } from '../view/tokenView.js';
import { hint, text } from '../view/text.js';
import { mainView } from '../view/viewModel.js';
import { BackendScreen } from './BackendScreen.js';
import { Banners } from './Banners.js';
import { ComparisonCard } from './ComparisonCard.js';
import { ConfirmDialog } from './ConfirmDialog.js';
import { FilesScreen } from './FilesScreen.js';
import { DiagnosticsScreen } from './DiagnosticsScreen.js';
import { HelpScreen } from './HelpScreen.js';
import { WelcomeScreen } from './WelcomeScreen.js';
import { EnginePanel } from './EnginePanel.js';
import { Figures } from './Figures.js';
import { InputPanel } from './InputPanel.js';
import { Masthead } from './Masthead.js';
import { Notice } from './Notice.js';
import { OutputPanel } from './OutputPanel.js';
import { QuestionDialog } from './QuestionDialog.js';
import { RecordingCard } from './RecordingCard.js';
import { SettingsScreen } from './SettingsScreen.js';
import { Spectrogram } from './Spectrogram.js';
import { TokenCard } from './TokenCard.js';
import { Top } from './Top.js';

/** The first window and its views. Main's state is the only truth; everything here follows it. */
export function App() {
  const { state, connected, lostReason } = useLink();
  const { guard, isUnsaved, isAsking, answer } = useOwnLeaveGuard();
  const { command } = useConnection();
  const finish = useCallback(() => void command('welcome.finish'), [command]);
  const route = useIntroduction(useRoute(guard), state?.welcomed ?? null, finish);
  const main = useRef<HTMLElement>(null);
  const lost = lostReason ? describeError(lostReason) : describe({ code: 'window.disconnected', params: {} });
  const headline = state ? mainView(state).headline : text('window.loading');
  const title = route === 'live' ? text('window.title', { state: headline }) : text(`window.${route}.title`);
  useEffect(() => {
    document.title = title;
  }, [title]);

  const lastRoute = useRef(route);
  useEffect(() => {
    if (lastRoute.current === route) return;
    lastRoute.current = route;
    window.scrollTo(0, 0);
    main.current?.querySelector('h2')?.focus({ preventScroll: true });
  }, [route]);

  // A browser asks before a page with unsaved changes goes; in Electron main does.
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const stay = (event: Event) => event.preventDefault();
    addEventListener('beforeunload', stay);
    return () => removeEventListener('beforeunload', stay);
  }, [isUnsaved]);

  return (
    <LeaveGuardContext value={guard}>
      <div className="page">
        <Masthead version={state?.version ?? null} route={route} />
        {!connected && <Notice tone="problem" message={lost.message} hint={lost.hint} />}
        {!state && connected && (
          <p className="loading" role="status">
            {text('window.loading')}
          </p>
        )}
        {state && (
          <main className="content" id="content" tabIndex={-1} ref={main} inert={!connected}>
            {route === 'live' && <LiveView state={state} />}
            {route === 'backend' && <BackendScreen state={state} />}
            {route === 'settings' && <SettingsScreen state={state} />}
            {route === 'files' && <FilesScreen state={state} />}
            {route === 'diagnostics' && <DiagnosticsScreen state={state} />}
            {route === 'help' && <HelpScreen state={state} />}
            {route === 'welcome' && <WelcomeScreen state={state} />}
            {state.question && <QuestionDialog question={state.question} />}
          </main>
        )}
        {isAsking && (
          <ConfirmDialog
            message={text('window.leave')}
            hint={hint('window.leave')}
            yes={text('window.leave.discard')}
            no={text('window.leave.stay')}
            onAnswer={answer}
          />
        )}
      </div>
    </LeaveGuardContext>
  );
}

function LiveView({ state }: StateProps) {
  useRecordKey(state);
  return (
    <>
      <h2 className="for-readers" tabIndex={-1}>
        {text('window.view.live')}
      </h2>
      <Banners state={state} />
      <Top state={state} />
      <RecordingCard state={state} />
      <ComparisonCard state={state} />
      <section className="flow" aria-label={text('window.flow')}>
        <InputPanel state={state} />
        <OutputPanel state={state} />
        <EnginePanel state={state} />
      </section>
      <Spectrogram state={state} />
      {showsToken(state) && <TokenCard state={state} />}
      <Figures state={state} />
    </>
  );
}
