import type { signIn as en } from '../en/signIn.js';
import type { Message } from '../index.js';

/** Anmelden bei einem Identitätsanbieter: im Fenster, im Terminal und in Fehlern. A label of the window is a `message`; its `hint` is the line of help, or empty. */
const label = (message: string, hint = ''): Message => ({ message, hint });

export const signIn = {
  'window.signIn': label('Anmeldung'),
  'window.signIn.issuer': label(
    'Identitätsanbieter',
    'Die https-Adresse, bei der sich die Leute Ihrer Organisation anmelden, ohne was darauf folgt.',
  ),
  'window.signIn.client-id': label(
    'Client-ID',
    'Der Name, unter dem der Anbieter Limpid kennt. Ein Geheimnis gehört nicht dazu.',
  ),
  'window.signIn.scope': label(
    'Umfang (Scope)',
    'Worum Limpid den Anbieter bittet. Ohne offline_access ist die Anmeldung oft nötig.',
  ),
  'window.signIn.resource': label(
    'Ressource (Resource)',
    'Die Adresse Ihres Backends, falls der Anbieter danach fragt (RFC 8707).',
  ),
  'window.signIn.audience': label(
    'Zielgruppe (Audience)',
    'Dasselbe für Anbieter, die es unter diesem Namen kennen. Meist leer.',
  ),
  'window.signIn.more': label('Für wen die Anmeldung gilt', 'Die meisten Anbieter brauchen beides nicht.'),

  'window.signIn.out': label(
    'Niemand ist angemeldet.',
    'Sobald Sie sich angemeldet haben, holt Limpid in Ihrem Namen Token.',
  ),
  'window.signIn.in': label('Angemeldet.', 'Limpid erneuert die Anmeldung von selbst.'),
  'window.signIn.in-as': label('Angemeldet als {name}.', 'Limpid erneuert die Anmeldung von selbst.'),
  'window.signIn.memory': label(
    'Angemeldet, bis Limpid endet.',
    'Es gibt keinen Schlüsselbund, der die Anmeldung aufheben könnte.',
  ),
  'window.signIn.memory-as': label(
    'Angemeldet als {name}, bis Limpid endet.',
    'Es gibt keinen Schlüsselbund, der die Anmeldung aufheben könnte.',
  ),
  'window.signIn.lost': label(
    'Der Schlüsselbund gibt die Anmeldung nicht heraus.',
    'Entsperren Sie den Schlüsselbund, und versuchen Sie es erneut, oder melden Sie sich noch einmal an.',
  ),
  'window.signIn.new': label('Speichern Sie zuerst die Umgebung, und melden Sie sich dann an.'),
  'window.signIn.unsaved': label(
    'Speichern Sie zuerst Ihre Änderungen: Die Anmeldung gilt für das, was gespeichert ist.',
  ),
  'window.signIn.start': label('Anmelden'),
  'window.signIn.start.busy': label('Einen Moment…'),
  'window.signIn.start.again': label('Noch einmal anmelden'),
  'window.signIn.code': label('Stattdessen mit einem Code anmelden'),
  'window.signIn.code.only': label('Mit einem Code anmelden'),
  'window.signIn.browser': label(
    'Weiter geht es in Ihrem Browser.',
    'Dort ist die Seite des Anbieters offen. Limpid merkt von selbst, wenn Sie angemeldet sind.',
  ),
  'window.signIn.device.asking': label('Der Anbieter wird nach einem Code gefragt…'),
  'window.signIn.device': label(
    'Öffnen Sie die Adresse unten in einem Browser, auch auf einem anderen Gerät, und geben Sie den Code ein.',
    'Limpid merkt von selbst, wenn Sie angemeldet sind. Geben Sie den Code niemandem weiter.',
  ),
  'window.signIn.device.spoken': label('Der Code ist {code}.'),
  'window.signIn.user-code': label('Anmeldecode'),
  'window.signIn.address': label('Adresse'),
  'window.signIn.left': label('Verbleibende Zeit'),
  'window.signIn.copy.code': label('Code kopieren'),
  'window.signIn.copy.address': label('Adresse kopieren'),
  'window.signIn.copied': label('Kopiert.'),
  'window.signIn.not-copied': label(
    'Das System hat das Kopieren nicht erlaubt. Markieren Sie den Text, und kopieren Sie ihn.',
  ),
  'window.signIn.cancel': label('Anmeldung abbrechen'),
  'window.signIn.end': label('Abmelden…'),
  'window.signIn.end.ask': label(
    'Von „{name}“ abmelden?',
    'Der Anbieter erfährt davon, und Limpid vergisst die Anmeldung. Neue Token gibt es erst, wenn sich wieder jemand anmeldet.',
  ),
  'window.signIn.end.yes': label('Abmelden'),
  'window.signIn.lead': label('Unter Backend anmelden'),
  'window.token.state.sign-in': label(
    'Niemand ist angemeldet',
    'Melden Sie sich unter Backend an; Token holt Limpid dann von selbst.',
  ),

  'window.problem.issuer': label(
    'Schreiben Sie die Adresse des Anbieters vollständig, etwa https://login.example.com.',
  ),
  'window.problem.issuer-missing': label('Geben Sie die Adresse des Identitätsanbieters ein.'),
  'window.problem.client-id': label('Geben Sie die Client-ID ein, die der Anbieter Limpid gegeben hat.'),
  'window.problem.sign-in': label('Das ist zu lang.'),
} as const satisfies Record<keyof typeof en, Message>;
