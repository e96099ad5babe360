import { useId, type ReactNode } from 'react';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { linkTo } from '../bridge/useRoute.js';
import { places } from '../../../shared/places.js';
import { globalShortcutLines, shortcuts } from '../view/shortcuts.js';
import { hint, text, type TextCode } from '../view/text.js';
import { needsCableHelp } from '../view/viewModel.js';
import { Banners } from './Banners.js';
import { KeyCaps } from './KeyCaps.js';
import { ScreenHead } from './ScreenHead.js';
import { Words } from './Words.js';

/** Keys, tips and the way back to the introduction. */
export function HelpScreen({ state }: StateProps) {
  const { command } = useConnection();
  const { system } = places[state.platform];
  return (
    <>
      <ScreenHead title={text('window.view.help')} purpose={text('window.help.purpose')} />
      <Banners state={state} />
      <div className="help-cards">
        <HelpCard code="window.help.introduction">
          <a className="button help-action" href={linkTo('welcome')}>
            {text('window.help.introduction.open')}
          </a>
        </HelpCard>
        <HelpCard code="window.help.report">
          <a className="button help-action" href={linkTo('diagnostics')}>
            {text('window.help.report.open')}
          </a>
        </HelpCard>
        <Keys state={state} />
        <HelpCard code="window.help.tips">
          <dl className="tips">
            <Tip code="window.help.tips.double" />
            <Tip code="window.help.tips.distance" />
            <Tip code="window.help.tips.headphones" />
          </dl>
        </HelpCard>
        <HelpCard code="window.help.apps">
          <p>{text(`window.help.apps.${state.platform}`)}</p>
          {needsCableHelp(state) && (
            <button
              className="link"
              type="button"
              onClick={() => void command('help.open', { topic: 'virtual-cable' })}
            >
              {text('window.help.apps.how')}
            </button>
          )}
        </HelpCard>
        <PlacesCard state={state} />
      </div>
      <p className="help">{text('window.help.version', { version: state.version, platform: system })}</p>
    </>
  );
}

function HelpCard({ code, children }: { code: TextCode; children: ReactNode }) {
  const headingId = useId();
  const purpose = hint(code);
  return (
    <section className="card help-card" aria-labelledby={headingId}>
      <h3 className="panel-heading" id={headingId}>
        {text(code)}
      </h3>
      {purpose && (
        <p>
          <Words>{purpose}</Words>
        </p>
      )}
      {children}
    </section>
  );
}

function Tip({ code }: { code: TextCode }) {
  return (
    <div>
      <dt>{text(code)}</dt>
      <dd>
        <Words>{hint(code)}</Words>
      </dd>
    </div>
  );
}

function Keys({ state }: StateProps) {
  const globalLines = globalShortcutLines(state);
  const areSingleKeysOn = state.preferences.singleKeyShortcuts;
  return (
    <HelpCard code="window.help.keys">
      <dl className="keys">
        {shortcuts
          .filter(({ isSingleKey }) => areSingleKeysOn || !isSingleKey)
          .map(({ key, does }) => (
            <div key={key}>
              <dt>
                <kbd>{text(key)}</kbd>
              </dt>
              <dd>{text(does)}</dd>
            </div>
          ))}
      </dl>
      <dl className="keys keys-global">
        {globalLines.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              <KeyCaps words={keys} />
            </dt>
            <dd>{text(does)}</dd>
          </div>
        ))}
      </dl>
      {!areSingleKeysOn && <p>{text('window.help.keys.off')}</p>}
      <a className="link" href={linkTo('settings')}>
        {text('window.help.keys.settings')}
      </a>
    </HelpCard>
  );
}

function PlacesCard({ state }: StateProps) {
  const { settings, log } = places[state.platform];
  const rows = [
    ['window.help.places.recordings', state.recordings.folder],
    ['window.help.places.settings', settings],
    ['window.help.places.log', log],
  ] as const;
  return (
    <HelpCard code="window.help.places">
      <dl className="places">
        {rows.map(([code, path]) => (
          <div key={code}>
            <dt>{text(code)}</dt>
            <dd>
              <Words>{path}</Words>
            </dd>
          </div>
        ))}
      </dl>
      <p className="help">{text('window.help.places.other')}</p>
    </HelpCard>
  );
}
