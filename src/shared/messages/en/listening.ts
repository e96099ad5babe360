/** Comparison, player and a look at the microphone, as people read it. A label of the window is a `message`; its `hint` is the line of help, or empty. */
const label = (message: string, hint = '') => ({ message, hint });

export const listening = {
  'comparison.busy': label('A recording is under way.', 'Stop the recording, then compare.'),
};
