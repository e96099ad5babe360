import type { desktop as en } from '../en/desktop.js';
import type { Message } from '../index.js';

/** Infobereich, systemweite Tasten, Anmeldung, Aktualisierungen und was die Verwaltung festgelegt hat. A label of the window is a `message`; its `hint` is the line of help, or empty. */
const label = (message: string, hint = ''): Message => ({ message, hint });

export const desktop = {
  'desktop.none': label('Das geht nur in der Desktop-App.', 'Öffnen Sie Limpid auf dem Computer, auf dem es läuft.'),
  'updates.recording': label(
    'Während einer Aufnahme kann Limpid nicht aktualisiert werden.',
    'Beenden Sie zuerst die Aufnahme.',
  ),
  'updates.starting': label('Limpid startet noch.', 'Suchen Sie gleich noch einmal nach neuen Versionen.'),
  'updates.unpackaged': label(
    'Dieses Limpid läuft aus seinem Quellordner und aktualisiert sich nicht selbst.',
    'Aktualisieren Sie es mit dem Werkzeug, mit dem Sie es geholt haben.',
  ),
  'updates.by-system': label(
    'Dieses Limpid wird von Ihrem System aktualisiert.',
    'Neue Versionen kommen mit den Aktualisierungen Ihres Systems oder von Ihrem Administrator.',
  ),
  'updates.no-image': label(
    'Diese Kopie von Limpid aktualisiert sich nicht selbst.',
    'Installieren Sie das AppImage oder das Paket für Ihr System, um neue Versionen zu bekommen.',
  ),
  'updates.read-only': label(
    'Limpid darf das AppImage nicht ersetzen, aus dem es gestartet wurde.',
    'Legen Sie das AppImage in einen eigenen Ordner oder bitten Sie Ihren Administrator um die neue Version.',
  ),
  'updates.off-by-policy': label(
    'Ihr Administrator entscheidet, wann Limpid aktualisiert wird.',
    'Wenden Sie sich an Ihren Administrator, wenn Sie eine neuere Version brauchen.',
  ),
  'updates.off-by-choice': label(
    'Limpid sucht nur nach neuen Versionen, wenn Sie es verlangen.',
    'Lassen Sie es in den Einstellungen von selbst suchen oder suchen Sie jetzt.',
  ),
  'updates.unsigned': label(
    'Dieses Limpid ist nicht signiert und kann daher nicht erkennen, ob eine Aktualisierung echt ist.',
    'Installieren Sie neue Versionen selbst, von derselben Stelle wie diese.',
  ),
  'updates.no-feed': label(
    'Dieses Limpid weiß nicht, wo neue Versionen veröffentlicht werden.',
    'Installieren Sie neue Versionen selbst, von derselben Stelle wie diese.',
  ),
  'updates.insecure': label(
    'Neue Versionen werden unter einer unverschlüsselten Adresse angeboten, daher holt Limpid sie nicht.',
    'Wenden Sie sich an Ihren Administrator oder an die Stelle, die Limpid für Sie veröffentlicht: Die Adresse muss mit https beginnen.',
  ),
  'updates.unreachable': label(
    'Der Server für neue Versionen ist nicht erreichbar.',
    'Limpid versucht es von selbst wieder. Prüfen Sie die Netzwerkverbindung und den Proxy, wenn es so bleibt.',
  ),
  'updates.feed-broken': label(
    'Die Liste der neuen Versionen ist nicht lesbar.',
    'Limpid versucht es von selbst wieder. Melden Sie sich in einem öffentlichen Netz zuerst dort an; wenn es so bleibt, wenden Sie sich an die Stelle, die Limpid für Sie veröffentlicht.',
  ),
  'updates.untrusted': label(
    'Die neue Version, die ankam, ist nicht die veröffentlichte: Limpid hat sie gelöscht und nichts installiert.',
    'Installieren Sie sie auch nicht selbst. Wenden Sie sich an Ihren Administrator oder an die Stelle, die Limpid für Sie veröffentlicht.',
  ),
  'updates.disk-full': label(
    'Auf diesem Datenträger ist kein Platz für die neue Version.',
    'Geben Sie Speicherplatz frei; Limpid versucht es von selbst wieder.',
  ),
  'updates.unwritable': label(
    'Die neue Version lässt sich auf diesem Computer nicht speichern.',
    'Prüfen Sie, ob Sie in Ihre eigenen Ordner und in den Ordner von Limpid schreiben dürfen.',
  ),
  'updates.failed': label(
    'Limpid konnte nicht aktualisiert werden.',
    'Es versucht es von selbst wieder. Installieren Sie die neue Version selbst, wenn es so bleibt.',
  ),
  'updates.not-ready': label(
    'Es gibt noch keine neue Version zum Installieren.',
    'Suchen Sie zuerst nach neuen Versionen.',
  ),

  'tray.switch-on': label('Einschalten'),
  'tray.switch-off': label('Ausschalten'),
  'tray.bypass': label('Bypass: Originalstimme hören'),
  'tray.show': label('Limpid anzeigen'),
  'tray.quit': label('Limpid beenden'),

  'menu.about': label('Über Limpid'),
  'menu.hide': label('Limpid ausblenden'),
  'menu.hide-others': label('Andere ausblenden'),
  'menu.show-all': label('Alle einblenden'),
  'menu.edit': label('Bearbeiten'),
  'menu.undo': label('Widerrufen'),
  'menu.redo': label('Wiederholen'),
  'menu.cut': label('Ausschneiden'),
  'menu.copy': label('Kopieren'),
  'menu.paste': label('Einsetzen'),
  'menu.select-all': label('Alles auswählen'),
  'menu.view': label('Ansicht'),
  'menu.actual-size': label('Originalgröße'),
  'menu.zoom-in': label('Vergrößern'),
  'menu.zoom-out': label('Verkleinern'),
  'menu.window': label('Fenster'),
  'menu.minimise': label('Im Dock ablegen'),
  'menu.zoom': label('Zoomen'),
  'menu.close': label('Fenster schließen'),
  'menu.front': label('Alle nach vorne bringen'),

  'quit.recording': label(
    'Limpid nimmt gerade auf. Möchten Sie die Aufnahme beenden und Limpid schließen?',
    'Das Aufgenommene bleibt erhalten; Limpid endet, sobald die Aufnahme abgeschlossen ist.',
  ),
  'quit.recording.stop': label('Aufnahme und Limpid beenden'),
  'quit.recording.cancel': label('Weiter aufnehmen'),
  'quit.unsaved': label(
    'Im Fenster stehen Änderungen, die nicht gespeichert sind. Möchten Sie sie verwerfen?',
    'Um sie zu behalten, kehren Sie zum Fenster zurück und speichern Sie sie.',
  ),
  'quit.unsaved.discard': label('Änderungen verwerfen'),
  'quit.unsaved.stay': label('Zurück zum Fenster'),
  'unresponsive.page': label(
    'Das Fenster von Limpid antwortet nicht.',
    'Ihre Stimme und eine Aufnahme laufen weiter. Warten Sie auf das Fenster oder laden Sie es neu.',
  ),
  'unresponsive.page.wait': label('Warten'),
  'unresponsive.page.reload': label('Fenster neu laden'),

  'desktop.action.toggle': label('Ein- oder ausschalten'),
  'desktop.action.bypass': label('Bypass'),
  'desktop.action.show': label('Fenster anzeigen'),
  'shortcut.taken': label(
    'Ein anderes Programm verwendet {keys} bereits.',
    'Wählen Sie andere Tasten oder geben Sie diese dort frei.',
  ),
  'shortcut.duplicate': label(
    '{keys} sind bereits die Tasten für „{other}“.',
    'Wählen Sie für eines von beiden andere Tasten.',
  ),
  'shortcut.unusable': label(
    'Dieses System nimmt {keys} nicht als systemweite Tasten an.',
    'Wählen Sie andere Tasten.',
  ),
  'shortcut.wayland': label(
    'Auf diesem Wayland-Desktop erreichen {keys} Limpid möglicherweise nicht.',
    'Legen Sie in den Einstellungen Ihres Desktops Tasten auf den Befehl „{command}“.',
  ),

  'login.refused': label(
    'Das System hat die Änderung nicht angenommen, welche Programme bei der Anmeldung starten.',
    'Ändern Sie sie in den Einstellungen des Systems, unter Anmeldeobjekte oder Autostart.',
  ),
  'login.unwritable': label(
    'Der Eintrag, der Limpid bei der Anmeldung startet, konnte in {path} nicht geändert werden ({detail}).',
    'Prüfen Sie, wem dieser Ordner gehört und welche Rechte er hat, und versuchen Sie es erneut.',
  ),

  'notification.back': label('Limpid reinigt Ihre Stimme wieder.'),

  'window.keys': label(
    'Tasten für das ganze System',
    'Diese Tasten gelten auch, während ein anderes Programm im Vordergrund ist. Wählen Sie welche, die kein anderes Programm braucht.',
  ),
  'window.keys.none': label('Keine Tasten'),
  'window.keys.press': label('Drücken Sie die Tasten…'),
  'window.keys.recording': label('Mit Escape bleibt alles, wie es ist; mit Entf werden die Tasten entfernt.'),
  'window.keys.remove': label('Entfernen'),
  'window.keys.remove.of': label('Tasten entfernen: {action}'),
  'window.keys.needs-modifier': label(
    'Halten Sie zusätzlich eine Taste wie {modifier}: Sonst käme diese Taste in keinem Programm mehr an.',
  ),
  'window.keys.unusable': label(
    'Diese Taste lässt sich nicht verwenden. Nehmen Sie einen Buchstaben, eine Ziffer oder eine Funktionstaste.',
  ),
  'window.keys.wayland': label(
    'Wenn die Tasten nichts tun',
    'Manche Linux-Desktops (Wayland) geben keine Tasten an Programme weiter. Öffnen Sie die Tastatureinstellungen Ihres Desktops, und legen Sie Tasten Ihrer Wahl auf diese Befehle:',
  ),
  'window.key.control': label('Strg'),
  'window.key.shift': label('Umschalt'),
  'window.key.option': label('Wahltaste'),
  'window.key.command': label('Befehl'),
  'window.key.enter': label('Eingabe'),
  'window.key.backspace': label('Rücktaste'),
  'window.key.insert': label('Einfg'),
  'window.key.home': label('Pos1'),
  'window.key.end': label('Ende'),
  'window.key.page-up': label('Bild auf'),
  'window.key.page-down': label('Bild ab'),
  'window.shortcut.anywhere.toggle': label('In jedem Programm: Limpid ein- oder ausschalten'),
  'window.shortcut.anywhere.bypass': label('In jedem Programm: zur Originalstimme wechseln und zurück'),
  'window.shortcut.anywhere.show': label('In jedem Programm: das Fenster von Limpid zeigen'),

  'window.desktop': label('Bei der Anmeldung und im Hintergrund'),
  'window.settings.startsAtLogin': label(
    'Limpid bei der Anmeldung starten',
    'Limpid startet im Hintergrund oder, wenn der Desktop kein Symbol dafür zeigt, mit seinem Fenster.',
  ),
  'window.settings.staysInTray': label(
    'Weiterlaufen, wenn das Fenster geschlossen ist',
    'Ihre Stimme läuft weiter. Öffnen Sie Limpid wieder über sein Symbol im Infobereich oder in der Menüleiste.',
  ),
  'window.settings.notifies': label(
    'Mitteilungen des Systems',
    'Limpid meldet, was Sie wissen sollten, wenn kein Fenster zu sehen ist, etwa dass ein Mikrofon fehlt.',
  ),
  'window.desktop.no-tray': label(
    'Dieser Desktop zeigt keine solchen Symbole: Ein geschlossenes Fenster ließe sich nicht wieder öffnen.',
  ),
  'window.desktop.no-login-item': label('Hier lässt sich Limpid nicht bei der Anmeldung starten.'),

  'window.updates': label('Aktualisierungen'),
  'window.updates.off': label('Limpid aktualisiert sich hier nicht selbst.'),
  'window.updates.unknown': label('Nach einer neueren Version wurde noch nicht gesucht.'),
  'window.updates.newest': label('Das ist die neueste Version.'),
  'window.updates.checking': label('Sucht nach einer neueren Version…'),
  'window.updates.downloading': label('Version {version} wird heruntergeladen.', 'Limpid arbeitet inzwischen weiter.'),
  'window.updates.downloading.unnamed': label(
    'Eine neuere Version wird heruntergeladen.',
    'Limpid arbeitet inzwischen weiter.',
  ),
  'window.updates.ready': label(
    'Version {version} ist bereit.',
    'Sie wird installiert, wenn Limpid endet, oder jetzt, wenn Sie möchten.',
  ),
  'window.updates.ready.unnamed': label(
    'Eine neuere Version ist bereit.',
    'Sie wird installiert, wenn Limpid endet, oder jetzt, wenn Sie möchten.',
  ),
  'window.updates.failed': label(
    'Die Suche nach Aktualisierungen ist fehlgeschlagen.',
    'Versuchen Sie es später noch einmal.',
  ),
  'window.updates.progress': label('Heruntergeladen'),
  'window.updates.percent': label('{percent}\u00a0%'),
  'window.updates.version': label('Diese Version'),
  'window.updates.channel': label('Kanal'),
  'window.updates.channel.stable': label('Stabil'),
  'window.updates.checked': label('Zuletzt gesucht'),
  'window.updates.never': label('Noch nie'),
  'window.updates.check': label('Jetzt nach Aktualisierungen suchen'),
  'window.updates.install': label('Installieren und neu starten…'),
  'window.updates.install.ask': label(
    'Die neue Version installieren und Limpid neu starten?',
    'Ihre Stimme ist nicht zu hören, bis Limpid wieder da ist, etwa eine Minute lang.',
  ),
  'window.updates.install.yes': label('Installieren und neu starten'),
  'window.updates.install.no': label('Nicht jetzt'),
  'window.settings.looksForUpdates': label(
    'Nach Aktualisierungen suchen',
    'Eine neuere Version wird von selbst heruntergeladen und installiert, wenn Limpid endet, oder früher, wenn Sie es wünschen.',
  ),
  'window.settings.reset.desktop': label(
    'Auf Standard zurücksetzen',
    'Setzt Darstellung, Start, Tasten, Hintergrund, Aktualisierungen und Fehlerberichte zurück. Ordner und Nutzungszahlen bleiben.',
  ),
  'window.locked.beside': label('Neben dem Original'),
} as const satisfies Record<keyof typeof en, Message>;
