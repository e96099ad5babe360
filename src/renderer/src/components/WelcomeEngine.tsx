import { useId } from 'react';
import type { StateProps } from '../bridge/hooks.js';
import { linkTo } from '../bridge/useRoute.js';
import { hint, text, type TextCode } from '../view/text.js';
import { CheckIcon, CrossIcon, DotIcon, ServerIcon, WaveIcon } from './icons.js';

const signs = { does: CheckIcon, 'does-not': CrossIcon, needs: DotIcon };

/** One line of what an engine does, does not do, or needs: the words say it without the sign. */
function Point({ kind, code }: { kind: keyof typeof signs; code: TextCode }) {
  const Sign = signs[kind];
  return (
    <li className={`welcome-point welcome-point-${kind}`}>
      <Sign />
      <span>{text(code)}</span>
    </li>
  );
}

/** Third step: the built-in engine, or the licensed one by way of a backend. */
export function WelcomeEngine({ state }: StateProps) {
  const [embeddedId, backendId] = [useId(), useId()];
  const { environments, active } = state.backend;
  const isReady = environments.some(({ values }) => values.name === active && values.url !== '');
  return (
    <div className="welcome-choices">
      <section className="welcome-choice" aria-labelledby={embeddedId}>
        <h4 className="panel-heading" id={embeddedId}>
          <WaveIcon />
          {text('window.welcome.embedded')}
        </h4>
        <p>{hint('window.welcome.embedded')}</p>
        <ul className="welcome-list">
          <Point kind="does" code="window.welcome.embedded.does" />
          <Point kind="does-not" code="window.welcome.embedded.not-voices" />
          <Point kind="does-not" code="window.welcome.embedded.not-echo" />
        </ul>
      </section>
      <section className="welcome-choice" aria-labelledby={backendId}>
        <h4 className="panel-heading" id={backendId}>
          <ServerIcon />
          {text('window.welcome.backend')}
        </h4>
        <p>{hint('window.welcome.backend')}</p>
        <p className="welcome-needs">{text('window.welcome.needs')}</p>
        <ul className="welcome-list">
          <Point kind="needs" code="window.welcome.backend.address" />
          <Point kind="needs" code="window.welcome.backend.files" />
        </ul>
        {isReady && <p>{text('window.welcome.backend.ready', { name: active })}</p>}
        <a className="link" href={linkTo('backend')}>
          {text(isReady ? 'window.welcome.backend.change' : 'window.welcome.backend.open')}
        </a>
      </section>
    </div>
  );
}
