import type { StateProps } from '../bridge/hooks.js';
import { text } from '../view/text.js';
import { Banners } from './Banners.js';

/** What works, what does not, and how to mend it. */
export function DiagnosticsScreen({ state }: StateProps) {
  return (
    <>
      <div className="screen-head">
        <h2 className="screen-heading" tabIndex={-1}>
          {text('window.view.diagnostics')}
        </h2>
      </div>
      <Banners state={state} />
    </>
  );
}
