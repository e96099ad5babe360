import { LockIcon } from './icons.js';

/** Why what stands above it cannot be changed. */
export function LockLine({ id, words }: { id: string; words: string }) {
  return (
    <p className="field-lock" id={id}>
      <LockIcon />
      {words}
    </p>
  );
}
