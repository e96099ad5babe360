import type { StateProps } from '../bridge/hooks.js';
import { hint, text } from '../view/text.js';
import { Banners } from './Banners.js';
import { ChecksCard } from './ChecksCard.js';
import { ReportsCard } from './ReportsCard.js';
import { SelfTestCard } from './SelfTestCard.js';
import { SessionCard } from './SessionCard.js';

/** What works, what does not, and how to mend it. */
export function DiagnosticsScreen({ state }: StateProps) {
  return (
    <>
      <div className="screen-head">
        <h2 className="screen-heading" tabIndex={-1}>
          {text('window.view.diagnostics')}
        </h2>
        <p className="screen-purpose">{hint('window.view.diagnostics')}</p>
      </div>
      <Banners state={state} />
      <ChecksCard />
      <SelfTestCard state={state} />
      <SessionCard />
      <ReportsCard />
    </>
  );
}
