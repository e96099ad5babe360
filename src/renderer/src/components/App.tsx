import { useEffect } from 'react';
import { describe } from '../../../shared/messages/index.js';
import { useLink } from '../bridge/hooks.js';
import { text } from '../view/text.js';
import { mainView } from '../view/viewModel.js';
import { Banners } from './Banners.js';
import { EnginePanel } from './EnginePanel.js';
import { Figures } from './Figures.js';
import { InputPanel } from './InputPanel.js';
import { Masthead } from './Masthead.js';
import { Notice } from './Notice.js';
import { OutputPanel } from './OutputPanel.js';
import { QuestionDialog } from './QuestionDialog.js';
import { Top } from './Top.js';

/** The first window. Main's state is the only truth; everything here follows it. */
export function App() {
  const { state, connected, lostReason } = useLink();
  const lost = lostReason ?? describe({ code: 'window.disconnected', params: {} });
  const headline = state ? mainView(state).headline : text('window.loading');
  useEffect(() => {
    document.title = text('window.title', { state: headline });
  }, [headline]);

  return (
    <div className="page">
      <Masthead version={state?.version ?? null} />
      {!connected && <Notice tone="problem" message={lost.message} hint={lost.hint} />}
      {!state && connected && (
        <p className="loading" role="status">
          {text('window.loading')}
        </p>
      )}
      {state && (
        <main className="content" inert={!connected}>
          <Banners state={state} />
          <Top state={state} />
          <section className="flow" aria-label={text('window.flow')}>
            <InputPanel state={state} />
            <OutputPanel state={state} />
            <EnginePanel state={state} />
          </section>
          <Figures state={state} />
          {state.question && <QuestionDialog question={state.question} />}
        </main>
      )}
    </div>
  );
}
