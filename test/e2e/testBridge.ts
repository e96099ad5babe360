import type { Page } from 'playwright-core';
import {
  callNames,
  calls,
  eventNames,
  events,
  type CallArgument,
  type CallName,
  type CallValue,
  type EventName,
  type EventPayload,
} from '../../src/shared/contract.js';
import { toErrorShape } from '../../src/shared/messages/index.js';
import { LimpidError, type Result } from '../../src/shared/errors.js';
import type { AppState } from '../../src/shared/state.js';

type Handler = (argument: unknown) => unknown;

/** What is known of a file that was handed to the bridge. */
export interface AddedFile {
  name: string;
  size: number;
  webkitRelativePath: string;
}

/** Runs in the page before its own script: the same two methods a preload exposes, answered by this process. */
const pageScript = `
  const listeners = new Map(${JSON.stringify(eventNames)}.map((name) => [name, new Set()]));
  const listenersOf = (name) => {
    if (!listeners.has(name)) throw new Error('no such event: ' + name);
    return listeners.get(name);
  };
  window.limpid = {
    call: (name, argument) => window.answerFromTest(name, argument),
    on: (name, listener) => {
      listenersOf(name).add(listener);
      return () => listenersOf(name).delete(listener);
    },
    addFiles: (files, onProgress) => {
      window.tellProgressFromTest = onProgress;
      return window.addFilesFromTest(files.map(({ name, size, webkitRelativePath }) => ({ name, size, webkitRelativePath })));
    },
  };
  window.limpid.stopAdding = () => (window.stopsFromTest = (window.stopsFromTest ?? 0) + 1);
  window.emitFromTest = (name, payload) => listenersOf(name).forEach((listener) => listener(payload));
`;

/**
 * Stands in for main: built by looping over the contract, checks every argument, answer and event against it, and
 * remembers each call that no test prepared, so that the test fails.
 */
export class TestBridge {
  readonly received: { name: CallName; argument: unknown }[] = [];
  readonly unexpected: string[] = [];
  /** The files of each `addFiles`, in their order. */
  readonly added: AddedFile[][] = [];
  /** Says how files are received; a rejection is the answer of main. */
  receiveFiles: (files: AddedFile[]) => Promise<void> = async () => undefined;
  /** False: nothing answers any more, as when main is gone. */
  answering = true;
  private readonly handlers = new Map<CallName, Handler>();
  private page: Page | null = null;

  constructor(private state: AppState) {
    for (const name of callNames) this.handlers.set(name, () => this.refuse(name));
    this.prepare('state.get', async () => this.state);
    this.prepare('files.list', async () => []);
    this.prepare('files.leaveSound');
    this.prepare('shortcuts.record');
  }

  async install(page: Page): Promise<void> {
    this.page = page;
    await page.exposeFunction('answerFromTest', (name: string, argument: unknown) => this.answer(name, argument));
    await page.exposeFunction('addFilesFromTest', (files: AddedFile[]) => this.receive(files));
    await page.addInitScript({ content: pageScript });
  }

  /** Says what a call does; without a function it succeeds and does nothing. */
  prepare<Name extends CallName>(
    name: Name,
    handler: (argument: CallArgument<Name>) => Promise<CallValue<Name> | void> = async () => undefined,
  ): void {
    this.handlers.set(name, (argument) => handler(argument as CallArgument<Name>));
  }

  /** The arguments a call was made with so far. */
  argumentsOf(name: CallName): unknown[] {
    return this.received.filter((call) => call.name === name).map(({ argument }) => argument);
  }

  /** Changes main's state and tells the window. */
  async become(state: AppState): Promise<void> {
    this.state = state;
    await this.emit('state.changed', state);
  }

  async emit<Name extends EventName>(name: Name, ...payloads: EventPayload<Name>[]): Promise<void> {
    const checked = JSON.stringify(payloads.map((payload) => events[name].parse(payload)));
    await this.page?.evaluate(`${checked}.forEach((payload) => window.emitFromTest(${JSON.stringify(name)}, payload))`);
  }

  /** Tells the window how far its files are. */
  async tellProgress(sentBytes: number, totalBytes: number): Promise<void> {
    await this.page?.evaluate(`window.tellProgressFromTest?.(${sentBytes}, ${totalBytes})`);
  }

  private async receive(files: AddedFile[]): Promise<Result<null>> {
    this.added.push(files);
    try {
      await this.receiveFiles(files);
      return { ok: true, value: null };
    } catch (error) {
      return { ok: false, error: toErrorShape(error) };
    }
  }

  private async answer(name: string, argument: unknown): Promise<Result<unknown>> {
    if (!this.answering) throw new Error('nobody answers');
    const known = callNames.find((each) => each === name);
    if (!known) return this.refuse(name);
    const checked = calls[known].argument.safeParse(argument);
    if (!checked.success) return this.refuse(`${name} with ${JSON.stringify(argument)}`);
    if (known !== 'state.get') this.received.push({ name: known, argument: checked.data });
    try {
      const value = await this.handlers.get(known)?.(checked.data);
      return { ok: true, value: calls[known].value.parse(value) };
    } catch (error) {
      return { ok: false, error: toErrorShape(error) };
    }
  }

  private refuse(what: string): never {
    this.unexpected.push(what);
    throw new LimpidError('internal');
  }
}
