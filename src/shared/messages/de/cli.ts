import type { cli as en } from '../en/cli.js';
import type { Message } from '../index.js';

/** Die Befehlszeile und ihre Prüfungen. */
export const cli = {
  'usage.unknown-command': {
    message: 'Den Befehl „{command}“ gibt es nicht.',
    hint: '„limpid --help“ zeigt die Befehle.',
  },
  'usage.no-command': {
    message: 'Es wurde kein Befehl angegeben.',
    hint: '„limpid --help“ zeigt die Befehle.',
  },
  'usage.unknown-option': {
    message: 'Die Option „{option}“ gibt es nicht.',
    hint: '„{command} --help“ zeigt die Optionen.',
  },
  'usage.missing-value': {
    message: 'Die Option „{option}“ braucht einen Wert.',
    hint: '„{command} --help“ zeigt, welchen.',
  },
  'usage.missing-option': {
    message: 'Die Option „{option}“ ist erforderlich.',
    hint: '„{command} --help“ zeigt ein Beispiel.',
  },
  'usage.missing-argument': {
    message: 'Das Argument „{argument}“ fehlt.',
    hint: '„{command} --help“ zeigt ein Beispiel.',
  },
  'usage.excess-argument': {
    message: 'Das sind mehr Argumente, als dieser Befehl nimmt.',
    hint: 'Setzen Sie Namen mit Leerzeichen in Anführungszeichen; „{command} --help“ zeigt ein Beispiel.',
  },
  'usage.invalid': {
    message: 'Die Befehlszeile wurde nicht verstanden.',
    hint: '„{command} --help“ zeigt ein Beispiel.',
  },
  'usage.number': {
    message: '{option} kann nicht „{value}“ sein.',
    hint: 'Geben Sie eine Zahl von {min} bis {max} an.',
  },
  'usage.integer': {
    message: '{option} kann nicht „{value}“ sein.',
    hint: 'Geben Sie eine ganze Zahl von {min} bis {max} an.',
  },
  'usage.engine': {
    message: 'Die Engine „{value}“ gibt es nicht.',
    hint: 'Verwenden Sie eine von diesen: {engines}.',
  },
  'usage.no-output': {
    message: 'Es wurde kein Ausgang gewählt; bis dahin ist nichts zu hören.',
    hint: 'Nennen Sie einen mit --output (siehe „limpid devices“), oder machen Sie mit --output virtual ein Mikrofon für andere Programme.',
  },
  'live.speakers-unconfirmed': {
    message: 'Wiedergabe über {output}, während {input} mithört, kann pfeifen und braucht Ihre Zustimmung.',
    hint: 'Nehmen Sie Kopfhörer, oder starten Sie einmal in einem Terminal und sagen Sie Ja; die Antwort wird gemerkt.',
  },
  'live.record-folder': {
    message: 'In {folder} lässt sich nichts aufnehmen: {detail}.',
    hint: 'Nennen Sie mit --record einen Ordner, in den Sie schreiben dürfen.',
  },
} as const satisfies Record<keyof typeof en, Message>;
