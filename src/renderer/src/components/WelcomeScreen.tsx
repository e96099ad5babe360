import type { StateProps } from '../bridge/hooks.js';
import { text } from '../view/text.js';
import { Banners } from './Banners.js';

/** The first three steps. */
export function WelcomeScreen({ state }: StateProps) {
  return (
    <>
      <div className="screen-head">
        <h2 className="screen-heading" tabIndex={-1}>
          {text('window.view.welcome')}
        </h2>
      </div>
      <Banners state={state} />
    </>
  );
}
