import { emptyFilesView } from '../shared/files.js';
import { LimpidError } from '../shared/errors.js';

const refuse = async (): Promise<never> => {
  throw new LimpidError('internal');
};

/** Calls whose service is not connected yet. */
export const unfinishedHandlers = {
  'microphone.listen': refuse,
  'comparison.record': refuse,
  'comparison.stop': refuse,
  'comparison.keep': refuse,
  'comparison.discard': refuse,
  'player.open': refuse,
  'player.play': refuse,
  'player.pause': refuse,
  'player.seek': refuse,
  'player.hear': refuse,
  'player.close': refuse,
  'player.chooseOutput': refuse,
  'sound.waveforms': refuse,
  'files.list': refuse,
  'files.add': refuse,
  'files.cancel': refuse,
  'files.retry': refuse,
  'files.remove': refuse,
  'files.answer': refuse,
  'files.setOptions': refuse,
  'files.openFolder': refuse,
  'diagnostics.run': refuse,
  'selfTest.start': refuse,
  'selfTest.stop': refuse,
  'session.history': refuse,
  'report.save': refuse,
  'bundle.preview': refuse,
  'bundle.save': refuse,
  'diagnostics.openFolder': refuse,
};

export const unfinishedState = {
  comparison: { phase: 'none' as const, seconds: 0, totalSeconds: 10, notice: null },
  player: null,
  monitor: { chosen: null, chosenName: null, present: false, devices: [] },
  files: emptyFilesView,
  selfTest: { running: null, last: null },
};
