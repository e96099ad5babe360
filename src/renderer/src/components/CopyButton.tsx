import { useCopy } from '../bridge/useCopy.js';
import { text, type TextCode } from '../view/text.js';

/** Puts a text into the clipboard, and says so. */
export function CopyButton({ value, code }: { value: string; code: TextCode }) {
  const { outcome, copy } = useCopy();
  return (
    <>
      <button className="button" type="button" onClick={() => void copy(value)}>
        {text(code)}
      </button>
      <span className="help" role="status">
        {outcome && text(`window.signIn.${outcome}`)}
      </span>
    </>
  );
}
