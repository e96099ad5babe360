import { useId, useState } from 'react';
import type { BundlePreview } from '../../../shared/diagnostics.js';
import type { LimpidErrorShape } from '../../../shared/errors.js';
import { currentLanguage } from '../../../shared/language.js';
import { describeError } from '../../../shared/messages/index.js';
import { useConnection } from '../bridge/hooks.js';
import { hint, text } from '../view/text.js';
import { BundleDialog } from './BundleDialog.js';
import { FolderIcon } from './icons.js';
import { Notice } from './Notice.js';
import { SavedFile } from './SavedFile.js';

/** What can be handed to those who help: a report to read, and a bundle with everything. */
export function ReportsCard() {
  const { ask } = useConnection();
  const [headingId, reportId, bundleId] = [useId(), useId(), useId()];
  const [busy, setBusy] = useState<'report' | 'bundle' | null>(null);
  const [preview, setPreview] = useState<BundlePreview | null>(null);
  const [savedPath, setSavedPath] = useState<string | null>(null);
  const [error, setError] = useState<LimpidErrorShape | null>(null);

  const begin = (what: 'report' | 'bundle') => {
    setBusy(what);
    setError(null);
    setSavedPath(null);
  };
  const saveReport = async () => {
    if (busy) return;
    begin('report');
    const answer = await ask('report.save', { language: currentLanguage() });
    setBusy(null);
    if (answer?.ok) setSavedPath(answer.value.path);
    else setError(answer?.error ?? null);
  };
  const openBundle = async () => {
    if (busy) return;
    begin('bundle');
    const answer = await ask('bundle.preview', { language: currentLanguage() });
    setBusy(null);
    if (answer?.ok) setPreview(answer.value);
    else setError(answer?.error ?? null);
  };
  const closeBundle = (path: string | null) => {
    setPreview(null);
    setSavedPath(path);
  };

  return (
    <section className="card reports" aria-labelledby={headingId}>
      <div>
        <h3 className="panel-heading" id={headingId}>
          <FolderIcon />
          {text('window.reports')}
        </h3>
        <p className="help">{hint('window.reports')}</p>
      </div>
      <div className="report-row">
        <p id={reportId}>
          <span className="field-label">{text('window.report')}</span>
          <span className="help">{hint('window.report')}</span>
        </p>
        <button
          className="button"
          type="button"
          aria-disabled={busy !== null}
          aria-describedby={reportId}
          onClick={() => void saveReport()}
        >
          {text(busy === 'report' ? 'window.report.busy' : 'window.report.save')}
        </button>
      </div>
      <div className="report-row">
        <p id={bundleId}>
          <span className="field-label">{text('window.bundle')}</span>
          <span className="help">{hint('window.bundle')}</span>
        </p>
        <button
          className="button"
          type="button"
          aria-disabled={busy !== null}
          aria-describedby={bundleId}
          aria-haspopup="dialog"
          onClick={() => void openBundle()}
        >
          {text(busy === 'bundle' ? 'window.bundle.busy' : 'window.bundle.open')}
        </button>
      </div>
      <div role="status">
        {busy && <p className="for-readers">{text(busy === 'report' ? 'window.report.busy' : 'window.bundle.busy')}</p>}
        {savedPath !== null && <p className="recording-path">{text('window.saved', { path: savedPath })}</p>}
      </div>
      {savedPath !== null && <SavedFile path={savedPath} onError={setError} />}
      {error && <Notice tone="problem" {...describeError(error)} />}
      {preview && <BundleDialog preview={preview} onClose={closeBundle} />}
    </section>
  );
}
