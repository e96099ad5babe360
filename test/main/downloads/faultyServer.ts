import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does with one request; without a fault it serves the file with ranges and a tag, as a good one does. */
export type Fault =
  | { kind: 'none' }
  | { kind: 'drop'; afterBytes: number }
  /** As `drop`, of an answer without a length, so that its end looks like the end of the file. */
  | { kind: 'cut'; afterBytes: number }
  | { kind: 'stall'; afterBytes: number }
  | { kind: 'status'; status: number; headers?: Record<string, string> }
  | { kind: 'html' }
  | { kind: 'ignore-range' }
  | { kind: 'wrong-range' }
  | { kind: 'redirect'; to: string }
  | { kind: 'no-length' }
  | { kind: 'slow'; pieces: number }
  | { kind: 'silent' };

export interface SeenRequest {
  path: string;
  range: string | null;
  ifRange: string | null;
}

export interface FaultyServer {
  url: string;
  /** Path → content. */
  files: Map<string, Buffer>;
  /** Taken one a request, for any path; then all is well. */
  faults: Fault[];
  seen: SeenRequest[];
  /** `strong`: an ETag of the content; `weak`: one that must not be used for ranges; `date`: Last-Modified; `none`. */
  validators: 'strong' | 'weak' | 'date' | 'none';
  close(): Promise<void>;
}

const lastModified = 'Sat, 21 Nov 2026 10:00:00 GMT';

/** Starts a real HTTP server on loopback. */
export async function startFaultyServer(): Promise<FaultyServer> {
  const state: Omit<FaultyServer, 'url' | 'close'> = { files: new Map(), faults: [], seen: [], validators: 'strong' };
  const server = createServer((request, response) => answer(request, response));
  // A proxy asked for a tunnel, with a status for an answer.
  server.on('connect', (_, socket) => {
    const fault = state.faults.shift();
    socket.end(`HTTP/1.1 ${fault?.kind === 'status' ? fault.status : 500} No\r\n\r\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    const { range = null, 'if-range': ifRange = null } = request.headers as Record<string, string | undefined>;
    state.seen.push({ path, range, ifRange });
    const fault = state.faults.shift() ?? { kind: 'none' };
    const content = state.files.get(path);
    if (fault.kind === 'silent') return;
    if (fault.kind === 'status') return void response.writeHead(fault.status, fault.headers).end('no');
    if (fault.kind === 'redirect') return void response.writeHead(302, { location: fault.to }).end();
    if (fault.kind === 'html') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    if (!content) return void response.writeHead(404).end();

    const tag = `"${content.length}-${content.subarray(0, 16).toString('hex')}"`;
    const validators: Record<FaultyServer['validators'], Record<string, string>> = {
      strong: { etag: tag },
      weak: { etag: `W/${tag}` },
      date: { 'last-modified': lastModified },
      none: {},
    };
    const headers = validators[state.validators];
    const isCurrent = ifRange === null || ifRange === tag || ifRange === lastModified;
    let start = range && isCurrent ? Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? Number.NaN) : 0;
    if (fault.kind === 'ignore-range') start = 0;
    if (start >= content.length && range && isCurrent && fault.kind !== 'ignore-range') {
      return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    }
    if (fault.kind === 'wrong-range') start = Math.max(0, start - 1);
    const body = content.subarray(start);
    const hasLength = fault.kind !== 'no-length' && fault.kind !== 'cut';
    response.writeHead(range && isCurrent && fault.kind !== 'ignore-range' ? 206 : 200, {
      ...headers,
      ...(hasLength ? { 'content-length': body.length } : { connection: 'close' }),
      ...(range && isCurrent && fault.kind !== 'ignore-range'
        ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }
        : {}),
    });
    send(response, body, fault);
  }

  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function send(response: ServerResponse, body: Buffer, fault: Fault): void {
  if (fault.kind === 'drop') {
    response.write(body.subarray(0, fault.afterBytes), () => response.destroy());
  } else if (fault.kind === 'cut') {
    response.end(body.subarray(0, fault.afterBytes));
  } else if (fault.kind === 'stall') {
    response.write(body.subarray(0, fault.afterBytes));
  } else if (fault.kind === 'slow') {
    const size = Math.ceil(body.length / fault.pieces);
    let sent = 0;
    const timer = setInterval(() => {
      response.write(body.subarray(sent, sent + size));
      sent += size;
      if (sent < body.length) return;
      clearInterval(timer);
      response.end();
    }, 5);
  } else {
    response.end(body);
  }
}
