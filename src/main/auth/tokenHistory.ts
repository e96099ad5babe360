import type { LimpidErrorShape, Notice } from '../../shared/errors.js';
import { maxTokenEvents, type TokenEvent } from '../../shared/token.js';

/** The same told again within this time is told once. */
const echoMs = 1000;

/** What happened to the token, newest first. Failures of one kind in a row are one entry with a count. */
export class TokenHistory {
  #events: TokenEvent[] = [];
  /** The newest events that tell of the present row of failures. */
  #row: { code: string; times: number; events: TokenEvent[] } | null = null;

  get events(): TokenEvent[] {
    return this.#events;
  }

  /** `atMs`: wall clock, ms since 1970. */
  note(notice: Notice, atMs: number): void {
    if (this.#isEcho(notice, atMs)) return;
    this.#add([{ atMs, notice }]);
    this.#row = null;
  }

  /** A request failed for `error`; the next one is planned in `wait`, a length of time. */
  noteFailure({ code, params = {} }: LimpidErrorShape, wait: Notice, atMs: number): void {
    const times = this.#row?.code === code ? this.#row.times + 1 : 1;
    if (times > 1) this.#events = this.#events.filter((event) => !this.#row?.events.includes(event));
    const reason: Notice = { code, params };
    const failed: Notice =
      times > 1
        ? { code: 'token.failed-again', params: { code, times, reason } }
        : { code: 'token.failed', params: { code, reason } };
    const planned: Notice = { code: 'token.retry-planned', params: { wait } };
    const events = [
      { atMs, notice: planned },
      { atMs, notice: failed },
    ];
    this.#add(events);
    this.#row = { code, times, events };
  }

  /** Address and credential that are saved together are two changes of one configuration. */
  #isEcho(notice: Notice, atMs: number): boolean {
    const newest = this.#events[0];
    if (notice.code !== 'token.configuration-changed' || newest === undefined) return false;
    return Math.abs(atMs - newest.atMs) < echoMs && JSON.stringify(newest.notice) === JSON.stringify(notice);
  }

  #add(events: TokenEvent[]): void {
    this.#events = [...events, ...this.#events].slice(0, maxTokenEvents);
  }
}
