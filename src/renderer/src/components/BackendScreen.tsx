import { useId, useRef, useState } from 'react';
import type { StateProps } from '../bridge/hooks.js';
import { useLeaveGuard } from '../bridge/leaveGuard.js';
import { backendNotices, lockNotice } from '../view/backendScreen.js';
import { hint, text } from '../view/text.js';
import { showsToken } from '../view/tokenView.js';
import { Banners } from './Banners.js';
import { EnvironmentEditor, environmentForm } from './EnvironmentEditor.js';
import { EnvironmentPicker } from './EnvironmentPicker.js';
import { LicensedFiles } from './LicensedFiles.js';
import { Notice } from './Notice.js';
import { ScreenHead } from './ScreenHead.js';
import { TokenCard } from './TokenCard.js';

/** What is being edited; `name` null: an environment that is not saved yet. `session` changes with each choice. */
interface Shown {
  name: string | null;
  session: number;
}

/** Where tokens come from, and where the licensed engine's parts are. */
export function BackendScreen({ state }: StateProps) {
  const { backend } = state;
  const { leave } = useLeaveGuard();
  const lockReasonId = useId();
  const locked = lockNotice(backend);
  const heading = useRef<HTMLHeadingElement>(null);
  const [{ name, session }, setShown] = useState<Shown>({ name: backend.active, session: 0 });

  const views = backend.environments;
  const isNew = name === null;
  const shown = isNew
    ? null
    : (views.find(({ values }) => values.name === name) ??
      views.find(({ values }) => values.name === backend.active) ??
      views[0] ??
      null);
  const show = (next: string | null) => leave(() => setShown({ name: next, session: session + 1 }), environmentForm);
  const leaveEditor = () => {
    setShown({ name: backend.active, session: session + 1 });
    heading.current?.focus();
  };

  return (
    <>
      <ScreenHead title={text('window.backend')} purpose={hint('window.backend')} ref={heading} />
      <Banners state={state} />
      {backendNotices(backend).map((each) => (
        <Notice key={each.message} tone="warning" {...each} />
      ))}
      {locked && (
        <div id={lockReasonId}>
          <Notice tone="note" {...locked} />
        </div>
      )}
      <EnvironmentPicker backend={backend} shown={isNew ? null : (shown?.values.name ?? '')} onShow={show} />
      {(isNew || shown) && (
        <EnvironmentEditor
          key={session}
          state={state}
          view={shown}
          lockReasonId={locked ? lockReasonId : undefined}
          onSaved={(saved) => setShown({ name: saved, session })}
          onLeave={leaveEditor}
        />
      )}
      {showsToken(state) && <TokenCard state={state} />}
      <LicensedFiles state={state} />
    </>
  );
}
