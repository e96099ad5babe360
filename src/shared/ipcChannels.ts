/** The two Electron channels: preload invokes one, main sends on the other. Everything else is named inside them. */
export const callChannel = 'limpid:call';
export const eventChannel = 'limpid:event';
