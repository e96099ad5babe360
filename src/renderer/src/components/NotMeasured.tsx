import { text } from '../view/text.js';

/** A dash for the eye, words for the ear. */
export function NotMeasured() {
  return (
    <>
      <span aria-hidden="true">{text('window.figures.none')}</span>
      <span className="for-readers">{text('window.figures.unmeasured')}</span>
    </>
  );
}
