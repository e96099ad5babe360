import { basename } from 'node:path';
import type { CallArgument } from '../../shared/contract.js';
import { LimpidError } from '../../shared/errors.js';
import { identify, type FileIdentity } from './outputPlace.js';

export type Answer = CallArgument<'files.answer'>['answer'];

/** An output, by its path and by what tells it from any other that gets its path. */
export interface KnownOutput {
  path: string;
  identity: FileIdentity;
}

/** What a person said, and about which output: it says nothing about any other. */
export interface GivenAnswer {
  what: Answer;
  about: KnownOutput;
}

/** One file of the list, as far as it matters where outputs go. */
export interface ListedFile {
  path: string;
  /** Of the original; null before it was looked at. */
  identity: FileIdentity | null;
  placed: KnownOutput | null;
}

export interface OutputWish {
  path: string;
  input: FileIdentity;
  answer: GivenAnswer | null;
  /** What was said for all that ask; null: nothing. */
  forAll: Answer | null;
}

/** The output is there already: the person must say what to do. */
export class OutputExists extends LimpidError {
  constructor(readonly about: KnownOutput) {
    super('files.exists', { path: about.path });
  }
}

/** The output is there already, and the person said to leave it. */
export class OutputSkipped extends LimpidError {
  constructor() {
    super('files.skipped');
  }
}

/**
 * Where an output goes, and whether it may take the place of what is there. Only a person gives that leave, for the very file that
 * was shown; never for an original or for the result of another file of the list, which is kept beside the new one without a question.
 * Rejects with `files.output-is-input`, `OutputExists` or `OutputSkipped`.
 * @param others the files of the list, without this one
 */
export async function planOutput(
  { path, input, answer, forAll }: OutputWish,
  others: readonly ListedFile[],
): Promise<{ path: string; mayReplace: boolean }> {
  const identity = await identify(path).catch(() => null);
  if (identity === null) return { path, mayReplace: false };
  if (identity === input) throw new LimpidError('files.output-is-input', { path });
  const isPlaced = ({ placed }: ListedFile): boolean => placed?.path === path || placed?.identity === identity;
  if (others.some((other) => isPlaced(other) && other.identity !== input)) return { path, mayReplace: false };
  const isAnswered = answer?.about.path === path && answer.about.identity === identity;
  switch (isAnswered ? answer.what : forAll) {
    case 'keep-both':
      return { path, mayReplace: false };
    case 'replace':
      if (await isOriginal(path, identity, others)) throw new LimpidError('files.output-is-input', { path });
      return { path, mayReplace: true };
    case 'skip':
      throw new OutputSkipped();
    default:
      throw new OutputExists({ path, identity });
  }
}

/** Whether the file there is to be enhanced, or was, whatever its path is called. */
async function isOriginal(path: string, identity: FileIdentity, others: readonly ListedFile[]): Promise<boolean> {
  const name = basename(path).toLowerCase();
  const alike = others.filter((other) => basename(other.path).toLowerCase() === name);
  const identities = await Promise.all(alike.map((other) => identify(other.path).catch(() => null)));
  return identities.includes(identity);
}
