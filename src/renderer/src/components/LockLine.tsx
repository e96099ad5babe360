import { LockIcon } from './icons.js';
import { Words } from './Words.js';

/** Why what stands above it cannot be changed. */
export function LockLine({ id, words }: { id: string; words: string }) {
  return (
    <p className="field-lock" id={id}>
      <LockIcon />
      <span>
        <Words>{words}</Words>
      </span>
    </p>
  );
}
