/** The queue of files, as people read it. A label of the window is a `message`; its `hint` is the line of help, or empty. */
const label = (message: string, hint = '') => ({ message, hint });

export const queue = {
  'window.view.files': label('Files'),
  'window.files.title': label('Limpid: Files'),
};
