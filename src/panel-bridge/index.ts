import { linkParameter, sessionPath, socketPath, uploadPath } from '../shared/panelProtocol.js';
import { connectPanel, type FileAnswer, type LossCode } from './connection.js';

let wake = (): void => undefined;

/** Exchanges the link in the address for a cookie and removes it from the address and the history. */
async function signIn(): Promise<void> {
  const link = new URLSearchParams(location.hash.slice(1)).get(linkParameter);
  if (!link) return;
  history.replaceState(null, '', location.pathname);
  // A refused link is no reason to stop: this browser may hold a cookie already. If not, the connection says so.
  await fetch(sessionPath, { method: 'POST', body: JSON.stringify({ link }) }).catch(() => undefined);
  wake();
}

async function explainLoss(): Promise<LossCode | null> {
  const answer = await fetch(sessionPath).catch(() => null);
  if (!answer) return 'panel.disconnected';
  return answer.status === 401 ? 'panel.link-needed' : null;
}

/** As `fetch` would, which does not tell how far it is. */
function sendFile(file: File, onSent: (bytes: number) => void, signal: AbortSignal): Promise<FileAnswer | null> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.onload = () => resolve({ status: request.status, body: request.responseText });
    request.onerror = () => resolve(null);
    request.onabort = () => resolve(null);
    const abort = () => request.abort();
    signal.addEventListener('abort', abort);
    request.onloadend = () => signal.removeEventListener('abort', abort);
    request.open('POST', `${uploadPath}?${new URLSearchParams({ name: file.name }).toString()}`);
    request.send(file);
  });
}

/** Ends early when the page is looked at again, the network is back, or a new link was entered. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

let signedIn = signIn();
addEventListener('hashchange', () => {
  signedIn = signIn();
});
addEventListener('online', () => wake());
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) wake();
});

const limpid = connectPanel({
  openSocket: async () => {
    await signedIn;
    return new WebSocket(`ws://${location.host}${socketPath}`);
  },
  explainLoss,
  sendFile,
  pause,
  random: Math.random,
});
Object.defineProperty(window, 'limpid', { value: limpid });
