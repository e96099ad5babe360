import { Fragment } from 'react';
import { breakWords } from '../view/words.js';

/** A sentence whose addresses and paths break at their joints, and whose names do not break. It is read and copied as it is. */
export function Words({ children }: { children: string }) {
  return breakWords(children).map(({ text, kind }, index) => (
    // A piece has no other name than its place.
    <Fragment key={`${index} ${text}`}>
      {kind === 'joint' && <wbr />}
      {kind === 'unbroken' || kind === 'host' ? <span className={kind}>{text}</span> : text}
    </Fragment>
  ));
}
