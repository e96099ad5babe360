import type { CallName, EventName } from './contractNames.js';
import type { Result } from './errors.js';

/** Where a browser exchanges its link (POST), or asks whether it is signed in (GET): 204 yes, 401 no. */
export const sessionPath = '/session';
/** Where the one WebSocket is opened. */
export const socketPath = '/socket';
/** Where a browser sends a sound file (POST): its name is the query `name`, the body is the file. 204, or an error as JSON. */
export const uploadPath = '/files';
/** A file of a browser that is larger is refused. */
export const maxUploadBytes = 8 * 1024 ** 3;
/** The script that builds `window.limpid` in a browser. */
export const bridgeScript = 'panel-bridge.js';
/** The link's secret in the fragment of the URL: `#link=…`. */
export const linkParameter = 'link';

/** Browser to panel; `id` comes back with the answer. */
export interface PanelRequest {
  id: number;
  name: CallName;
  argument?: unknown;
}

/** Panel to browser: an answer or an event. */
export type PanelMessage = { id: number; result: Result<unknown> } | { event: EventName; payload: unknown };
