import { text } from '../view/text.js';
import { DropIcon } from './icons.js';

/** The name of the app, and its version as soon as it is known. */
export function Masthead({ version }: { version: string | null }) {
  return (
    <header className="masthead">
      <span className="masthead-sign">
        <DropIcon />
      </span>
      <h1 className="masthead-name">{text('window.name')}</h1>
      <p className="masthead-purpose">{text('window.purpose')}</p>
      {version && <p className="masthead-version">{text('window.version', { version })}</p>}
    </header>
  );
}
