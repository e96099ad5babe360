import { createServer } from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';

export interface ConnectProxy {
  /** `host:port`. */
  readonly host: string;
  /** The targets that were asked for, and the login that came along. */
  readonly asked: { target: string; login: string | undefined }[];
  /** Answers CONNECT with this status; 200 lets through, 0 never answers. */
  status: number;
  close(): Promise<void>;
}

/** A real HTTP proxy for CONNECT on 127.0.0.1 that leads every target to one port of this computer. */
export async function startConnectProxy(port: number): Promise<ConnectProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => void response.writeHead(405).end());
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
  };
  server.on('connection', keep);
  server.on('connect', (request, client: Socket) => {
    proxy.asked.push({ target: request.url ?? '', login: request.headers['proxy-authorization'] });
    if (proxy.status === 0) return;
    if (proxy.status !== 200) return void client.end(`HTTP/1.1 ${proxy.status} No\r\n\r\n`);
    const onward = net.connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(client).pipe(onward);
    });
    keep(onward);
    onward.on('error', () => client.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const proxy: ConnectProxy = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    status: 200,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
  return proxy;
}
