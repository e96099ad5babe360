import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCompose, root, type ComposeService } from '../backend/deploymentFiles.js';
import { makeCertificates, type TestCertificates } from '../fakes/faultyBackend.js';
import { buildImage, startContainer, type ContainerImage, type RunningContainer } from './containerImage.js';

type ReplicaName = 'backend-a' | 'backend-b';

const { services } = readCompose();
/** The users of the images of store and load balancer. */
const storeUser = 999;
const balancerUser = 99;

/**
 * What deploy/compose.yaml describes, as processes on loopback: the image, its configuration and secrets, the store, two
 * replicas and the load balancer. Ports, addresses and the hosts of vendors are its own; all else is as it stands there.
 */
export class Deployment {
  readonly certificates: TestCertificates = makeCertificates();
  /** Replicas that run, by their names in compose.yaml. */
  readonly replicas = new Map<ReplicaName, RunningContainer & { url: string }>();
  /** Of the load balancer, such as https://127.0.0.1:12345. */
  url = '';
  readonly #folder = mkdtempSync(join(tmpdir(), 'limpid-deployment-'));
  readonly #running = new Set<RunningContainer>();
  #storePort = 0;
  #store: RunningContainer | null = null;
  #image: ContainerImage | null = null;
  #balancer: RunningContainer | null = null;

  constructor() {
    const folders = ['config', 'secrets', 'secrets/backend', 'secrets/store', 'secrets/tls', 'work', 'image'];
    for (const name of ['', ...folders]) {
      const path = join(this.#folder, name);
      mkdirSync(path, { recursive: true });
      // Other users are to look inside, whatever our umask says.
      chmodSync(path, 0o755);
    }
    this.write('haproxy.cfg', readFileSync(join(root, 'deploy/haproxy.cfg'), 'utf8'));
    this.writeCertificate(this.certificates);
  }

  get image(): ContainerImage {
    if (!this.#image) throw new Error('build the image first');
    return this.#image;
  }

  get balancer(): RunningContainer {
    if (!this.#balancer) throw new Error('start the deployment first');
    return this.#balancer;
  }

  /** Memory of the load balancer's processes that is resident just now. */
  balancerMb(): number {
    const { pid } = this.balancer.child;
    const workers = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    return [String(pid), ...workers].reduce((sum, each) => sum + residentMb(each), 0);
  }

  /** Writes a file beside compose.yaml that everybody can read. */
  write(path: string, text: string): void {
    const target = join(this.#folder, path);
    writeFileSync(target, text);
    chmodSync(target, 0o644);
  }

  writeCertificate({ cert, key }: TestCertificates): void {
    this.write('secrets/tls/limpid.pem', cert + key);
  }

  read(path: string): string {
    return readFileSync(join(this.#folder, path), 'utf8');
  }

  async build(): Promise<void> {
    this.#image = await buildImage(join(this.#folder, 'image'));
  }

  /** Runs the program of the image once, as oneself and with this folder as its working folder; throws when it fails. */
  async runOnce(args: string[], environment: Record<string, string> = {}): Promise<string> {
    const program = ['node', join(this.image.folder, this.image.command[1] ?? ''), ...args];
    const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    const container = startContainer(program, { folder: this.#folder, environment, ...own });
    const exitCode = await container.ended;
    if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${container.log}`);
    return container.log;
  }

  /** Starts everything and waits until the load balancer sees two replicas. `environment` is laid over that of the replicas. */
  async start(environment: NodeJS.ProcessEnv): Promise<void> {
    const password = 'store-password-8d2c';
    const [storePort, balancerPort, ...replicaPorts] = await freePorts(4);
    this.#storePort = storePort!;
    this.write('secrets/store/store.conf', `requirepass ${password}\n`);
    this.write('secrets/backend/redis_url', `redis://:${password}@127.0.0.1:${storePort}\n`);
    await this.startStore();
    const names: ReplicaName[] = ['backend-a', 'backend-b'];
    await Promise.all(names.map((name, index) => this.#startReplica(name, replicaPorts[index]!, environment)));
    this.url = `https://127.0.0.1:${balancerPort}`;
    await this.#startBalancer(balancerPort!, replicaPorts);
  }

  /** Starts the store, empty, where it was before. */
  async startStore(): Promise<void> {
    const [, ...args] = services.store.command ?? [];
    const command = ['redis-server', ...this.#localised(services.store, args)];
    const own = ['--port', String(this.#storePort), '--bind', '127.0.0.1'];
    this.#store = this.#run([...command, ...own], {}, { uid: storeUser, gid: storeUser });
    await waitFor(() => isListening(this.#storePort), this.#store);
  }

  async killStore(): Promise<void> {
    this.#store?.child.kill('SIGKILL');
    await this.#store?.ended;
  }

  /** Runs the health check of the image against a port; its exit code. */
  checkHealth(port: string): Promise<number | null> {
    return this.#run(this.image.healthCheck, { LIMPID_TOKENS_PORT: port }, this.image).ended;
  }

  async close(): Promise<void> {
    for (const { child } of this.#running) child.kill('SIGKILL');
    await Promise.all([...this.#running].map(({ ended }) => ended));
    this.certificates.remove();
    this.#image?.unlock();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #startReplica(name: ReplicaName, port: number, environment: NodeJS.ProcessEnv): Promise<void> {
    const composed = Object.entries(services[name].environment ?? {});
    const values = this.#localised(
      services[name],
      composed.map(([, value]) => value),
    );
    const replica = this.#run(
      this.image.command,
      {
        ...this.image.environment,
        ...Object.fromEntries(composed.map(([key], index) => [key, values[index] ?? ''])),
        ...environment,
        LIMPID_TOKENS_HOST: '127.0.0.1',
        LIMPID_TOKENS_PORT: String(port),
      },
      this.image,
    );
    const url = `http://127.0.0.1:${port}`;
    this.replicas.set(name, Object.assign(replica, { url }));
    await waitFor(async () => (await fetch(`${url}/readyz`)).ok, replica);
  }

  async #startBalancer(port: number, [portA, portB]: number[]): Promise<void> {
    const { environment = {} } = services.balancer;
    const [certificate = '', configuration = ''] = this.#localised(services.balancer, [
      environment['CERTIFICATE'] ?? '',
      '/usr/local/etc/haproxy/haproxy.cfg',
    ]);
    this.#balancer = this.#run(
      // As the image does: a master that starts a worker, and another one at SIGUSR2.
      ['haproxy', '-W', '-db', '-f', configuration],
      {
        LISTEN: `127.0.0.1:${port}`,
        CERTIFICATE: certificate,
        BACKEND_A: `127.0.0.1:${portA}`,
        BACKEND_B: `127.0.0.1:${portB}`,
      },
      { uid: balancerUser, gid: balancerUser },
    );
    await waitFor(() => isListening(port), this.balancer);
  }

  /** Starts a process that `close` ends. */
  #run(
    command: string[],
    environment: NodeJS.ProcessEnv,
    { uid, gid, folder = join(this.#folder, 'work') }: { uid: number; gid: number; folder?: string },
  ): RunningContainer {
    const container = startContainer(command, { folder, environment, uid, gid });
    this.#running.add(container);
    void container.ended.finally(() => this.#running.delete(container));
    return container;
  }

  /** Paths inside a container as they are here, by its volumes. */
  #localised({ volumes = [] }: ComposeService, texts: string[]): string[] {
    const mounts = volumes.map((volume) => volume.split(':') as [source: string, target: string]);
    return texts.map((text) => {
      const mount = mounts.find(([, target]) => text === target || text.startsWith(`${target}/`));
      return mount ? resolve(this.#folder, mount[0]) + text.slice(mount[1].length) : text;
    });
  }
}

function residentMb(pid: string): number {
  const [, kilobytes = ''] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** Ports that nobody listens on just now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(servers.map((each) => new Promise<void>((done) => void each.listen(0, '127.0.0.1', done))));
  const ports = servers.map((each) => (each.address() as AddressInfo).port);
  await Promise.all(servers.map((each) => new Promise((done) => each.close(done))));
  return ports;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => done(true)).on('error', () => done(false));
    socket.on('connect', () => socket.destroy());
  });
}

/** Waits up to 15 s; throws with what the process said when it ended or takes too long. */
async function waitFor(isThere: () => Promise<boolean>, container: RunningContainer): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (await isThere().catch(() => false)) return;
    const { exitCode, signalCode } = container.child;
    if (exitCode !== null || signalCode !== null) break;
    await sleep(100);
  }
  throw new Error(`a process did not start: ${container.log}`);
}
