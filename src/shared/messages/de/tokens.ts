import type { tokens as en } from '../en/tokens.js';
import type { Message } from '../index.js';

/** Was mit dem Token geschieht, während es frisch gehalten wird. `{wait}`, `{life}`, `{pause}`: eine Zeitspanne. */
export const tokens = {
  'token.fetched': { message: 'Ein neues Token ist da; Gültigkeit: {life}.', hint: 'Nichts zu tun.' },
  'token.unchanged': {
    message: 'Das Backend hat dasselbe Token noch einmal gesendet; Gültigkeit: noch {life}.',
    hint: 'Kommt das oft vor, bitten Sie den Betreiber des Backends, neue Token früher auszustellen.',
  },
  'token.applied': { message: 'Die Engine hat das neue Token übernommen.', hint: 'Nichts zu tun.' },
  'token.asked': { message: 'Sie haben ein neues Token verlangt.', hint: 'Nichts zu tun.' },
  'token.failed': {
    message: 'Kein neues Token: {reason}.',
    hint: 'Limpid versucht es von selbst erneut; die Token-Karte sagt, was Sie tun können.',
  },
  'token.failed-again': {
    message: 'Kein neues Token nach {times} Versuchen: {reason}.',
    hint: 'Limpid versucht es von selbst erneut; die Token-Karte sagt, was Sie tun können.',
  },
  'token.retry-planned': {
    message: 'Der nächste Versuch kommt in {wait}.',
    hint: 'Drücken Sie „Jetzt erneuern“, wenn Sie nicht warten möchten.',
  },
  'token.recovered': { message: 'Das Backend gibt wieder Token aus.', hint: 'Nichts zu tun.' },
  'token.expired': {
    message: 'Das Token ist abgelaufen, und es kam kein neues.',
    hint: 'Ihre Stimme läuft ohne die lizenzierte Engine weiter, bis das Backend antwortet.',
  },
  'token.engine-refused': {
    message: 'Die Engine hat das neue Token nicht angenommen: {reason}.',
    hint: 'Die Engine behält ihr Token, und Limpid holt ein anderes.',
  },
  'token.engine-replaced': {
    message: 'Die Engine konnte das neue Token nicht im Betrieb übernehmen und wurde einmal ersetzt.',
    hint: 'Nichts zu tun: Ihre Stimme lief weiter.',
  },
  'token.engine-failed': {
    message: 'Das neue Token ließ sich nicht an die Engine übergeben: {reason}.',
    hint: 'Bleibt Ihre Stimme ohne die lizenzierte Engine, schalten Sie Limpid aus und wieder ein.',
  },
  'token.engine-slow': {
    message: 'Die Engine hat auf das neue Token nicht geantwortet, seit {wait}.',
    hint: 'Bleibt Ihre Stimme ohne die lizenzierte Engine, schalten Sie Limpid aus und wieder ein.',
  },
  'token.engine-blocked': {
    message: 'Die Engine hat angehalten: {reason}.',
    hint: 'Limpid holt neue Token, bis sie wieder arbeitet; Ihre Stimme läuft ohne sie weiter.',
  },
  'token.engine-expired': {
    message: 'Die Engine hält das Token für abgelaufen.',
    hint: 'Limpid holt sofort ein neues.',
  },
  'token.engine-works': { message: 'Die lizenzierte Engine arbeitet wieder.', hint: 'Nichts zu tun.' },
  'token.clock-wrong-ahead': {
    message:
      'Die Engine hält selbst frische Token für abgelaufen; die Uhr des Backends geht gegenüber diesem Computer vor, um {difference}.',
    hint: 'Lassen Sie Datum und Uhrzeit dieses Computers automatisch stellen; stimmen sie, sagen Sie es dem Betreiber des Backends.',
  },
  'token.clock-wrong-behind': {
    message:
      'Die Engine hält selbst frische Token für abgelaufen; die Uhr des Backends geht gegenüber diesem Computer nach, um {difference}.',
    hint: 'Lassen Sie Datum und Uhrzeit dieses Computers automatisch stellen; stimmen sie, sagen Sie es dem Betreiber des Backends.',
  },
  'token.clock-unclear': {
    message: 'Die Engine hält selbst frische Token für abgelaufen.',
    hint: 'Prüfen Sie Datum und Uhrzeit dieses Computers; stimmen sie, sagen Sie es dem Betreiber des Backends.',
  },
  'token.clock-suspect': {
    message: 'Nach der Uhr dieses Computers ist das neue Token schon abgelaufen.',
    hint: 'Prüfen Sie Datum und Uhrzeit dieses Computers; Limpid verwendet das Token so lange, wie es gelten soll.',
  },
  'token.outdated': {
    message: 'Das Backend hat ein Token gesendet, das schon abgelaufen war.',
    hint: 'Prüfen Sie Datum und Uhrzeit dieses Computers; stimmen sie, sagen Sie es dem Betreiber des Backends.',
  },
  'token.fetch-hung': {
    message: 'Die Anfrage nach einem Token endete nicht innerhalb von {wait} und wurde aufgegeben.',
    hint: 'Prüfen Sie das Netz; Limpid versucht es von selbst erneut.',
  },
  'token.cancelled': {
    message: 'Die Anfrage nach einem Token wurde abgebrochen.',
    hint: 'Versuchen Sie es erneut, wenn das Backend eingerichtet ist.',
  },
  'token.woke': {
    message: 'Der Computer hat geschlafen, oder seine Uhr wurde vorgestellt: {pause}.',
    hint: 'Nichts zu tun: Limpid kümmert sich sofort um das Token.',
  },
  'token.clock-put-back': {
    message: 'Die Uhr dieses Computers wurde zurückgestellt, um {pause}.',
    hint: 'Nichts zu tun: Limpid zählt die Zeit des Tokens selbst.',
  },
  'token.configuration-changed': {
    message: 'Das Backend wurde geändert; Token kommen jetzt von „{environment}“.',
    hint: 'Nichts zu tun: Limpid holt sofort ein Token.',
  },
  'token.configuration-gone': {
    message: 'Es ist kein Backend mehr eingerichtet.',
    hint: 'Fügen Sie auf dem Backend-Bildschirm eines hinzu, um die lizenzierte Engine zu nutzen.',
  },

  'duration.seconds': { message: '{count}\u00a0s', hint: '' },
  'duration.minutes': { message: '{count}\u00a0min', hint: '' },
  'duration.hours': { message: '{count}\u00a0h', hint: '' },
  'duration.days.one': { message: '{count}\u00a0Tag', hint: '' },
  'duration.days.other': { message: '{count}\u00a0Tage', hint: '' },
} as const satisfies Record<keyof typeof en, Message>;
