import type { StateProps } from '../bridge/hooks.js';
import { hint, text } from '../view/text.js';
import { Banners } from './Banners.js';
import { ChecksCard } from './ChecksCard.js';
import { ReportsCard } from './ReportsCard.js';
import { ScreenHead } from './ScreenHead.js';
import { SelfTestCard } from './SelfTestCard.js';
import { SessionCard } from './SessionCard.js';

/** What works, what does not, and how to mend it. */
export function DiagnosticsScreen({ state }: StateProps) {
  return (
    <>
      <ScreenHead title={text('window.view.diagnostics')} purpose={hint('window.view.diagnostics')} />
      <Banners state={state} />
      <ChecksCard />
      <SelfTestCard state={state} />
      <SessionCard />
      <ReportsCard />
    </>
  );
}
