import { Fragment } from 'react';

/** Keys that are pressed together. */
export function KeyCaps({ words }: { words: readonly string[] }) {
  return words.map((word, index) => (
    <Fragment key={word}>
      {index > 0 && '+'}
      <kbd>{word}</kbd>
    </Fragment>
  ));
}
