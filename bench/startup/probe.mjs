// Loaded before the program that `npm run bench:startup` measures. It writes down when each step ends, and what is read, loaded and started
// on the way; the program itself knows nothing of it.
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { performance } from 'node:perf_hooks';

/** How long after the window it is still written down what is loaded. */
const afterMs = 1500;

/** Of all threads of this process, but not of the programs that it starts. */
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const marks = { node: performance.now() };
const cpu = { node: cpuMs() };
const spans = [];
const span = (kind, what, startMs) => {
  const one = { kind, what, startMs, tookMs: null };
  spans.push(one);
  return () => (one.tookMs ??= performance.now() - startMs);
};
const timed = (kind, what, work) => {
  const end = span(kind, what, performance.now());
  try {
    const value = work();
    if (typeof value?.then !== 'function') end();
    else value.then(end, end);
    return value;
  } catch (error) {
    end();
    throw error;
  }
};

globalThis.limpidStartup = {
  mark(name) {
    marks[name] ??= performance.now();
    cpu[name] ??= cpuMs();
    if (name === 'window') setTimeout(report, afterMs);
  },
};

const { dlopen } = process;
process.dlopen = (module, filename, ...rest) => {
  const name = String(filename).split(/[\\/]/).at(-1);
  timed('addon', name, () => dlopen.call(process, module, filename, ...rest));
  if (name === 'limpid.node') module.exports = watched(module.exports);
};

/** The same functions and classes; each call on the JavaScript thread is written down. */
const watched = (native) =>
  Object.fromEntries(
    Object.entries(native).map(([name, value]) => [
      name,
      typeof value !== 'function'
        ? value
        : new Proxy(value, {
            apply: (target, self, args) => timed('native', name, () => Reflect.apply(target, self, args)),
            construct: (target, args) => timed('native', `new ${name}`, () => Reflect.construct(target, args)),
          }),
    ]),
  );

for (const name of ['spawn', 'execFile']) {
  const start = childProcess[name];
  childProcess[name] = Object.assign((file, ...rest) => {
    const end = span('process', describe(file, rest[0]), performance.now());
    const child = start(file, ...rest);
    child.once('exit', end);
    return child;
  }, start);
  // `promisify(execFile)` takes another way.
  const custom = Object.getOwnPropertySymbols(start).find(
    (symbol) => symbol.description === 'nodejs.util.promisify.custom',
  );
  if (custom) {
    childProcess[name][custom] = (file, ...rest) =>
      timed('process', describe(file, rest[0]), () => start[custom](file, ...rest));
  }
}
for (const name of ['spawnSync', 'execFileSync']) {
  const start = childProcess[name];
  childProcess[name] = (file, ...rest) =>
    timed('process (waited for)', describe(file, rest[0]), () => start(file, ...rest));
}
const describe = (file, args) =>
  [String(file).split(/[\\/]/).at(-1), ...(Array.isArray(args) ? args : [])].join(' ').slice(0, 60);

for (const name of ['open', 'readFile', 'stat', 'mkdir', 'readdir', 'access']) {
  const work = fs.promises[name];
  fs.promises[name] = (path, ...rest) => timed('file', `${name} ${path}`, () => work(path, ...rest));
}
syncBuiltinESMExports();

function report() {
  const { rss, heapUsed } = process.memoryUsage();
  const start = { marks, cpu, spans, rssMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20 };
  if (!process.send) process.exit(0);
  process.send(start, () => process.exit(0));
}

// The panel has no window: its link is what the person waits for.
const { write } = process.stdout;
process.stdout.write = (text, ...rest) => {
  if (String(text).includes('http://127.0.0.1')) globalThis.limpidStartup.mark('window');
  return write.call(process.stdout, text, ...rest);
};
