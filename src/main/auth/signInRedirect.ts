import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LimpidError } from '../../shared/errors.js';
import { currentLanguage } from '../../shared/language.js';
import { describe } from '../../shared/messages/index.js';

/** Longest time for the head of a request; nobody else than this computer's own browser sends any. */
const requestMs = 10_000;
const maxConnections = 20;

/** Where the browser comes back to when a person has signed in. */
export interface Redirect {
  /** `http://127.0.0.1:port/`, for the provider. */
  readonly url: string;
  /** Somebody sent an answer that does not belong to this sign-in. */
  readonly hasRefused: boolean;
  /** Takes the one answer that has this state, with a code or an error, and resolves with the whole address. */
  waitForAnswer(state: string): Promise<URL>;
  close(): void;
}

/**
 * Listens on a free port of 127.0.0.1 (RFC 8252, 7.3) for one answer of the identity provider, by way of the browser. Everything
 * else (another path, state, host or method, a second answer) gets 400, and the wait goes on. The page says the same whatever came. Throws `signIn.no-port`.
 */
export async function openRedirect(): Promise<Redirect> {
  let state: string | null = null;
  let hasRefused = false;
  let accept: (answer: URL) => void = () => undefined;
  const answered = new Promise<URL>((resolve) => (accept = resolve));

  let isClosed = false;
  let openReplies = 0;
  /** A browser also connects without asking anything: that shall not keep us. What is being sent goes out first. */
  const closeAll = (): void => {
    if (isClosed && openReplies === 0) server.closeAllConnections();
  };

  const server = createServer({ headersTimeout: requestMs, requestTimeout: requestMs }, (request, response) => {
    request.resume();
    openReplies++;
    response.once('close', () => {
      openReplies--;
      closeAll();
    });
    const answer = state === null ? null : readAnswer(request, port, state);
    if (!answer) {
      hasRefused ||= isAnswer(request);
      return send(response, 400, 'signIn.page-refused');
    }
    state = null;
    send(response, 200, 'signIn.page');
    accept(answer);
  });
  server.maxConnections = maxConnections;
  await new Promise<void>((listening, failed) => {
    server.on('error', (error: NodeJS.ErrnoException) => {
      failed(new LimpidError('signIn.no-port', { detail: error.code ?? '?' }));
    });
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/`,
    get hasRefused() {
      return hasRefused;
    },
    waitForAnswer(expected) {
      state = expected;
      return answered;
    },
    close() {
      isClosed = true;
      server.close();
      closeAll();
    },
  };
}

/** The address that the browser asked for, when it is the answer to `state`. */
function readAnswer({ method, url = '', headers }: IncomingMessage, port: number, state: string): URL | null {
  // Another name may have been made to point here by a web page.
  if (method !== 'GET' || headers.host !== `127.0.0.1:${port}` || !/^\/(?:\?|$)/.test(url)) return null;
  const answer = new URL(url, `http://127.0.0.1:${port}`);
  const read = (name: string): string | null => {
    const [value = null, ...more] = answer.searchParams.getAll(name);
    return more.length > 0 ? null : value;
  };
  if (read('state') !== state) return null;
  return read('code') || read('error') ? answer : null;
}

/** Not what browsers ask for by themselves, such as an icon. */
const isAnswer = ({ url = '' }: IncomingMessage): boolean => /[?&](?:state|code|error)=/.test(url);

const style =
  'body{font:1.1rem/1.5 system-ui,sans-serif;display:grid;place-content:center;min-height:90vh;margin:0 1.5rem;max-width:40rem;margin-inline:auto}h1{font-size:1.5rem}';
const styleHash = createHash('sha256').update(style).digest('base64');

function send(response: ServerResponse, status: number, code: 'signIn.page' | 'signIn.page-refused'): void {
  const { message, hint } = describe({ code, params: {} });
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'cache-control': 'no-store',
    // The address holds the code.
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  });
  response.end(
    `<!doctype html><html lang="${currentLanguage()}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<meta name="color-scheme" content="light dark"><title>Limpid</title><style>${style}</style></head>` +
      `<body><main><h1>${message}</h1><p>${hint}</p></main></body></html>`,
  );
}
