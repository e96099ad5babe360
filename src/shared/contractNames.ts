/**
 * The names of the contract, apart from its schemas so that the preload bundle and the panel's bridge carry no validator.
 * `contract.ts` does not compile unless it has a schema for each name here and for no other.
 */
export const callNames = [
  'state.get',
  'live.start',
  'live.stop',
  'live.setEngine',
  'live.setFallback',
  'live.setLevel',
  'live.setBypass',
  'live.unmute',
  'live.answer',
  'devices.choose',
  'devices.rescan',
  'permission.openSettings',
  'licensed.choose',
  'token.refresh',
  'backend.save',
  'backend.remove',
  'backend.select',
  'backend.setCredential',
  'backend.test',
  'settings.change',
  'recording.start',
  'recording.stop',
  'recording.setFolder',
  'recording.openFolder',
  'live.spectra',
  'microphone.listen',
  'comparison.record',
  'comparison.stop',
  'comparison.keep',
  'comparison.discard',
  'player.open',
  'player.play',
  'player.pause',
  'player.seek',
  'player.hear',
  'player.close',
  'player.chooseOutput',
  'sound.waveforms',
  'files.list',
  'files.add',
  'files.cancel',
  'files.retry',
  'files.remove',
  'files.answer',
  'files.setOptions',
  'files.openFolder',
  'diagnostics.run',
  'selfTest.start',
  'selfTest.stop',
  'session.history',
  'report.save',
  'bundle.preview',
  'bundle.save',
  'diagnostics.openFolder',
  'welcome.finish',
  'mishap.dismiss',
  'help.open',
] as const;

export const eventNames = [
  'state.changed',
  'numbers.measured',
  'backend.tested',
  'microphone.heard',
  'player.moved',
  'files.changed',
  'diagnostics.checked',
] as const;

export type CallName = (typeof callNames)[number];
export type EventName = (typeof eventNames)[number];

/** Guard for a name that came from outside. */
export const isCallName = (name: unknown): name is CallName => callNames.some((known) => known === name);
