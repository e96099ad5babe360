import type { signIn as en } from '../en/signIn.js';
import type { Message } from '../index.js';

/** Anmelden bei einem Identitätsanbieter: im Fenster, im Terminal und in Fehlern. */
export const signIn = {} as const satisfies Record<keyof typeof en, Message>;
