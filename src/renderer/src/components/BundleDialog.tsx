import { useState } from 'react';
import type { BundleEntry, BundlePreview } from '../../../shared/diagnostics.js';
import type { LimpidErrorShape } from '../../../shared/errors.js';
import { describe, describeError } from '../../../shared/messages/index.js';
import { useConnection } from '../bridge/hooks.js';
import { bundleTotal, formatSize } from '../view/diagnosticsView.js';
import { hint, text } from '../view/text.js';
import { ModalDialog } from './ModalDialog.js';
import { Notice } from './Notice.js';

interface BundleDialogProps {
  preview: BundlePreview;
  /** `path`: where it was saved; null: it was not. */
  onClose(path: string | null): void;
}

/** Everything that a bundle holds, to be read before it is saved. Escape saves nothing. */
export function BundleDialog({ preview: { id, entries }, onClose }: BundleDialogProps) {
  const { ask } = useConnection();
  const [isSaving, setIsSaving] = useState(false);
  const [error, setError] = useState<LimpidErrorShape | null>(null);

  const save = async () => {
    if (isSaving) return;
    setIsSaving(true);
    setError(null);
    const answer = await ask('bundle.save', { id });
    setIsSaving(false);
    if (answer?.ok) onClose(answer.value.path);
    else setError(answer?.error ?? null);
  };

  return (
    <ModalDialog
      className="dialog bundle"
      message={text('window.bundle.title')}
      hint={hint('window.bundle.title')}
      focusesHeading
      onCancel={() => onClose(null)}
    >
      <p className="bundle-total">{bundleTotal(entries)}</p>
      <ul className="bundle-files">
        {entries.map((entry) => (
          <li key={entry.name}>
            <BundleFile entry={entry} />
          </li>
        ))}
      </ul>
      {error && <Notice tone="problem" {...describeError(error)} />}
      <div className="dialog-actions">
        <button className="button" type="button" onClick={() => onClose(null)}>
          {text('window.bundle.cancel')}
        </button>
        <button className="button button-strong" type="button" aria-disabled={isSaving} onClick={() => void save()}>
          {text(isSaving ? 'window.report.busy' : 'window.bundle.save')}
        </button>
      </div>
    </ModalDialog>
  );
}

/** One file; its content is drawn when somebody wants to read it. */
function BundleFile({ entry: { name, bytes, purpose, text: content } }: { entry: BundleEntry }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="details" onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>
        {text('window.bundle.file', { name, size: formatSize(bytes) })}
        <span className="help bundle-purpose">{describe(purpose).message}</span>
      </summary>
      {isOpen && (
        // It scrolls, so it has to be reached by keyboard.
        <pre className="bundle-content" tabIndex={0} role="region" aria-label={text('window.bundle.content', { name })}>
          {content}
        </pre>
      )}
    </details>
  );
}
