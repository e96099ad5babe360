import type { MouseEvent } from 'react';
import { linkTo, routes, type Route } from '../bridge/useRoute.js';
import { text } from '../view/text.js';
import { DropIcon } from './icons.js';

interface MastheadProps {
  version: string | null;
  /** The view that is shown; null: there is nothing to choose from. */
  route: Route | null;
}

/** The address names the view, so the link must not change it. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

/** The name of the app, the way to its views, and its version as soon as it is known. */
export function Masthead({ version, route }: MastheadProps) {
  return (
    <header className="masthead">
      {route && (
        <a className="skip" href="#content" onClick={skip}>
          {text('window.skip')}
        </a>
      )}
      <span className="masthead-sign">
        <DropIcon />
      </span>
      <h1 className="masthead-name">{text('window.name')}</h1>
      <p className="masthead-purpose">{text('window.purpose')}</p>
      {route && (
        <nav className="views" aria-label={text('window.views')}>
          {routes
            .filter((each) => each !== 'welcome')
            .map((each) => (
              <a
                key={each}
                className="view-link"
                href={linkTo(each)}
                aria-current={each === route ? 'page' : undefined}
              >
                {text(`window.view.${each}`)}
              </a>
            ))}
        </nav>
      )}
      {version && <p className="masthead-version">{text('window.version', { version })}</p>}
    </header>
  );
}
