/** What the benches use of autocannon, which brings no types. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  export interface Client {
    setHeaders(headers: Record<string, string>): void;
  }

  export interface Options {
    url: string;
    method?: string;
    headers?: Record<string, string>;
    connections: number;
    /** Ends after so many seconds, if there is no `amount`. */
    duration?: number;
    amount?: number;
    /** How often it looks whether it is to end, ms. */
    sampleInt?: number;
    setupClient?(client: Client): void;
  }

  export interface Result {
    errors: number;
    timeouts: number;
    resets: number;
  }

  /** Emits `response` (client, status, bytes, ms) for each answer. */
  export type Instance = EventEmitter & PromiseLike<Result>;

  export default function autocannon(options: Options): Instance;
}
