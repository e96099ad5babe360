/** Diagnostics: checks, self-test, report and bundle, as people read it. A label of the window is a `message`; its `hint` is the line of help, or empty. */
const label = (message: string, hint = '') => ({ message, hint });

export const field = {
  'window.view.diagnostics': label('Diagnostics'),
  'window.diagnostics.title': label('Limpid: Diagnostics'),
};
