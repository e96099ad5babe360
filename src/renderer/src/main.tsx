import './zodWithoutEval.js';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openConnection } from './bridge/connection.js';
import { followPreferences, showPreferences } from './bridge/followPreferences.js';
import { ignoreHeldEnter } from './bridge/heldEnter.js';
import { ConnectionContext } from './bridge/hooks.js';
import { recallPreferences } from './bridge/rememberedPreferences.js';
import { App } from './components/App.js';
import { Masthead } from './components/Masthead.js';
import { Notice } from './components/Notice.js';
import './styles/tokens.css';
import './styles/base.css';
import './styles/top.css';
import './styles/recording.css';
import './styles/panels.css';
import './styles/meters.css';
import './styles/forms.css';
import './styles/backend.css';
import './styles/signIn.css';
import './styles/settings.css';
import './styles/spectrogram.css';
import './styles/listening.css';
import './styles/welcome.css';
import './styles/diagnostics.css';
import './styles/files.css';
import { hint, text } from './view/text.js';

const container = document.getElementById('root');
if (!container) throw new Error('the page has no root');
const root = createRoot(container);

if (window.limpid) {
  const connection = openConnection(window.limpid);
  followPreferences(connection.link);
  document.addEventListener('visibilitychange', () => connection.setHidden(document.hidden));
  connection.setHidden(document.hidden);
  document.addEventListener('keydown', ignoreHeldEnter);
  root.render(
    <StrictMode>
      <ConnectionContext value={connection}>
        <App />
      </ConnectionContext>
    </StrictMode>,
  );
} else {
  showPreferences(recallPreferences());
  root.render(
    <div className="page">
      <Masthead version={null} route={null} />
      <main>
        <Notice tone="problem" message={text('window.no-bridge')} hint={hint('window.no-bridge')} />
      </main>
    </div>,
  );
}
