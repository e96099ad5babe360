/** Introduction and help, as people read it. A label of the window is a `message`; its `hint` is the line of help, or empty. */
const label = (message: string, hint = '') => ({ message, hint });

export const welcome = {
  'window.view.help': label('Help'),
  'window.help.title': label('Limpid: Help'),
  'window.view.welcome': label('Introduction'),
  'window.welcome.title': label('Limpid: Introduction'),
};
