import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { LimpidError, type Result } from '../../shared/errors.js';
import { toErrorShape } from '../../shared/messages/index.js';
import type { PanelMessage } from '../../shared/panelProtocol.js';
import type { Gateway, Sender } from './gateway.js';

/** A call is a name and a few settings: nothing the contract has comes near this. */
const maxMessageBytes = 64 * 1024;
const maxClients = 16;
const maxOpenCalls = 32;
/** A client that does not read is dropped; it finds the true state when it comes back. The longest answer is a full list of files. */
const maxBacklogBytes = 16 * 1024 * 1024;
const pingEveryMs = 20_000;
/** A page that is loaded anew is back before that. */
const goneMs = 5000;
/** “Policy violation” of RFC 6455 section 7.4.1. */
const badMessageCode = 1008;

const request = z.object({
  id: z.number().int().nonnegative(),
  name: z.string().max(64),
  argument: z.unknown().optional(),
});

export interface PanelSocket {
  /** Takes over a connection whose Host, Origin and cookie were checked. */
  accept(incoming: IncomingMessage, connection: Duplex, head: Buffer, sender: Sender): void;
  readonly clients: number;
  close(): Promise<void>;
}

/** Speaks the contract with any number of browsers: each gets its own answers, all get the events. */
export function createPanelSocket(gateway: Gateway): PanelSocket {
  const server = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: false });
  const silent = new Set<WebSocket>();

  const stopEvents = gateway.forward((event, payload) => {
    const text = JSON.stringify({ event, payload } satisfies PanelMessage);
    for (const client of server.clients) sendText(client, text);
  });

  const heartbeat = setInterval(() => {
    for (const client of server.clients) {
      if (silent.has(client)) client.terminate();
      silent.add(client);
      client.ping();
    }
  }, pingEveryMs);
  heartbeat.unref();

  /** What nobody can stop any more does not play on. */
  let leaving: NodeJS.Timeout | undefined;
  const followLeaving = (sender: Sender): void => {
    clearTimeout(leaving);
    if (server.clients.size > 0) return;
    leaving = setTimeout(() => void gateway.dispatch('player.pause', undefined, sender), goneMs);
    leaving.unref();
  };

  return {
    accept: (incoming, connection, head, sender) => {
      if (server.clients.size >= maxClients) {
        refuseUpgrade(connection, '503 Service Unavailable');
        return;
      }
      server.handleUpgrade(incoming, connection, head, (client) => {
        client.on('pong', () => silent.delete(client));
        client.on('close', () => {
          silent.delete(client);
          followLeaving(sender);
        });
        // An oversized or broken frame: ws closes the connection with the fitting code right after this event.
        client.on('error', () => undefined);
        clearTimeout(leaving);
        serve(client, gateway, sender);
      });
    },
    get clients() {
      return server.clients.size;
    },
    close: async () => {
      clearInterval(heartbeat);
      stopEvents();
      for (const client of server.clients) client.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      clearTimeout(leaving);
    },
  };
}

/** Answers with the status and ends the connection, also for a client that keeps its own side open. */
export function refuseUpgrade(connection: Duplex, status: string): void {
  const answer = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  connection.end(answer, () => connection.destroy());
}

/** Answers the calls of one browser. What is no call at all ends its connection. */
function serve(client: WebSocket, gateway: Gateway, sender: Sender): void {
  let openCalls = 0;
  const ask = async (name: string, argument: unknown): Promise<Result<unknown>> => {
    if (openCalls >= maxOpenCalls) {
      return { ok: false, error: toErrorShape(new LimpidError('panel.overloaded', {}, { retryable: true })) };
    }
    openCalls += 1;
    const result = await gateway.dispatch(name, argument, sender);
    openCalls -= 1;
    return result;
  };

  client.on('message', async (data, isBinary) => {
    const asked = isBinary ? null : parseRequest(data.toString());
    if (!asked) {
      client.close(badMessageCode, 'not a call');
      return;
    }
    const result = await ask(asked.name, asked.argument);
    sendText(client, JSON.stringify({ id: asked.id, result } satisfies PanelMessage));
  });
}

function parseRequest(text: string): z.infer<typeof request> | null {
  try {
    return request.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function sendText(client: WebSocket, text: string): void {
  if (client.readyState !== WebSocket.OPEN) return;
  if (client.bufferedAmount > maxBacklogBytes) client.terminate();
  else client.send(text);
}
