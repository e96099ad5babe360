import type { StateProps } from '../bridge/hooks.js';
import { text } from '../view/text.js';
import { Banners } from './Banners.js';

/** Keys, tips and the way back to the introduction. */
export function HelpScreen({ state }: StateProps) {
  return (
    <>
      <div className="screen-head">
        <h2 className="screen-heading" tabIndex={-1}>
          {text('window.view.help')}
        </h2>
      </div>
      <Banners state={state} />
    </>
  );
}
