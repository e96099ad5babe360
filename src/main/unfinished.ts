import { emptyFilesView } from '../shared/files.js';
import { LimpidError } from '../shared/errors.js';

const refuse = async (): Promise<never> => {
  throw new LimpidError('internal');
};

/** Calls whose service is not connected yet. */
export const unfinishedHandlers = {
  'files.list': refuse,
  'files.add': refuse,
  'files.cancel': refuse,
  'files.retry': refuse,
  'files.remove': refuse,
  'files.answer': refuse,
  'files.setOptions': refuse,
  'files.openFolder': refuse,
};

export const unfinishedState = {
  files: emptyFilesView,
};
