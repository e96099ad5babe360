import { request, type IncomingHttpHeaders } from 'node:http';
import { WebSocket } from 'ws';
import type { PanelMessage } from '../../../src/shared/panelProtocol.js';

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A plain HTTP request that may lie about everything, Host included. */
export function ask(
  port: number,
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Exchanges the link of a panel's URL as its page does. */
export function exchange(url: string, headers: Record<string, string> = {}): Promise<HttpAnswer> {
  const { port, origin, hash } = new URL(url);
  const body = JSON.stringify({ link: hash.replace('#link=', '') });
  return ask(Number(port), '/session', { method: 'POST', headers: { origin, ...headers }, body });
}

/** The `name=value` part of the cookie that an exchange gave. */
export const cookieOf = (answer: HttpAnswer): string => (answer.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';

/** One browser's socket, with all it heard. */
export class PanelClient {
  readonly heard: PanelMessage[] = [];
  readonly #waiting = new Set<() => void>();
  readonly closed: Promise<number>;

  private constructor(readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      this.heard.push(JSON.parse(data.toString()) as PanelMessage);
      for (const wake of this.#waiting) wake();
    });
  }

  /** Rejects with the HTTP status when the panel refuses. */
  static open(port: number, headers: Record<string, string>, path = '/socket'): Promise<PanelClient> {
    const { origin, ...others } = headers;
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
      headers: others,
      ...(origin === undefined ? {} : { origin }),
    });
    const client = new PanelClient(socket);
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(client));
      socket.on('unexpected-response', (_request, answer) => reject(new Error(String(answer.statusCode))));
      socket.on('error', reject);
    });
  }

  /** The first message that fits, heard already or still to come. */
  async hear(fits: (message: PanelMessage) => boolean): Promise<PanelMessage> {
    for (;;) {
      const found = this.heard.find(fits);
      if (found) return found;
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  async call(id: number, name: string, argument?: unknown): Promise<unknown> {
    this.socket.send(JSON.stringify({ id, name, argument }));
    const answer = await this.hear((message) => 'id' in message && message.id === id);
    return 'result' in answer ? answer.result : null;
  }
}
