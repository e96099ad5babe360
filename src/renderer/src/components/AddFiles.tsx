import { useId, useRef, useState, type ChangeEvent, type FormEvent } from 'react';
import { chosenFiles, gatherPicked } from '../bridge/droppedFiles.js';
import type { StateProps } from '../bridge/hooks.js';
import type { FileQueue, Upload } from '../bridge/useFiles.js';
import { formatsLine, pastedPath, uploadView } from '../view/filesView.js';
import { hint, text } from '../view/text.js';
import { AddIcon, WarningIcon } from './icons.js';
import { TextInput } from './TextInput.js';

interface AddFilesProps extends StateProps {
  queue: FileQueue;
  upload: Upload | null;
  /** Files are held over the window. */
  isHeldOver: boolean;
}

const takeFolders = (input: HTMLInputElement | null) => {
  if (input) input.webkitdirectory = true;
};

/** The ways to add files: by dropping, by choosing, by a path. */
export function AddFiles({ state, queue, upload: handedOver, isHeldOver }: AddFilesProps) {
  const headingId = useId();
  // Electron hands paths over: nothing is sent.
  const upload = state.host === 'panel' ? handedOver : null;
  const picker = useRef<HTMLInputElement>(null);
  const { ffmpegVersion, options } = state.files;
  const rules = { hasFfmpeg: ffmpegVersion !== null, pattern: options.pattern };
  const formats = formatsLine(ffmpegVersion);
  const drop = isHeldOver ? 'window.files.drop.now' : 'window.files.drop';

  const take = (event: ChangeEvent<HTMLInputElement>, isFolder: boolean) => {
    const files = [...(event.target.files ?? [])];
    // The same files can be chosen again.
    event.target.value = '';
    if (files.length === 0) return;
    void queue.add(isFolder ? gatherPicked(files, rules) : chosenFiles(files));
  };

  return (
    <section className="card files-add" aria-labelledby={headingId}>
      <h3 className="for-readers" id={headingId}>
        {text('window.files.add')}
      </h3>
      <button
        className={isHeldOver ? 'drop-area drop-area-held' : 'drop-area'}
        type="button"
        onClick={() => picker.current?.click()}
      >
        <AddIcon />
        <span className="drop-area-words">{text(drop)}</span>
        <span className="help">{hint(drop)}</span>
      </button>
      <div className="files-pickers">
        <label className="button pick">
          {text('window.files.pick')}
          <input ref={picker} className="for-readers" type="file" multiple onChange={(event) => take(event, false)} />
        </label>
        <label className="button pick">
          {text('window.files.pick.folder')}
          <input
            ref={takeFolders}
            className="for-readers"
            type="file"
            multiple
            onChange={(event) => take(event, true)}
          />
        </label>
        <p className="help files-formats">
          {formats.message} {formats.hint}
        </p>
      </div>
      <PathField queue={queue} isPanel={state.host === 'panel'} />
      {upload && <UploadProgress upload={upload} />}
      <div role="status">
        {upload && <p className="for-readers">{uploadView(upload).message}</p>}
        {!upload && state.files.arriving > 0 && <p className="help">{text('window.files.arriving')}</p>}
      </div>
    </section>
  );
}

function UploadProgress({ upload }: { upload: Upload }) {
  const { message, amount, share } = uploadView(upload);
  return (
    <div className="files-upload">
      <div className="row">
        <span aria-hidden="true">{message}</span>
        <span className="value">{amount}</span>
      </div>
      <progress className="bar" max={1} value={share} aria-label={text('window.files.sending.progress')} />
    </div>
  );
}

function PathField({ queue, isPanel }: { queue: FileQueue; isPanel: boolean }) {
  const id = useId();
  const [typed, setTyped] = useState('');
  const [isEmpty, setIsEmpty] = useState(false);
  const [isAdded, setIsAdded] = useState(false);
  const code = isPanel ? 'window.files.path.panel' : 'window.files.path';

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const path = pastedPath(typed);
    setIsAdded(false);
    setIsEmpty(path === '');
    if (path === '') return;
    if (!(await queue.act('files.add', { paths: [path] }))) return;
    setTyped('');
    setIsAdded(true);
  };

  return (
    <form className="files-path" noValidate onSubmit={(event) => void submit(event)}>
      <label className="field-label" htmlFor={id}>
        {text(code)}
      </label>
      <div className="files-path-row">
        <TextInput
          id={id}
          value={typed}
          maxLength={4000}
          aria-invalid={isEmpty ? true : undefined}
          aria-describedby={isEmpty ? `${id}-problem` : `${id}-help`}
          onText={(value) => {
            setTyped(value);
            setIsEmpty(false);
            setIsAdded(false);
          }}
        />
        <button className="button" type="submit">
          {text('window.files.path.add')}
        </button>
      </div>
      {isEmpty && (
        <p className="field-problem" id={`${id}-problem`} role="alert">
          <WarningIcon />
          {text('window.files.path.empty')}
        </p>
      )}
      <p className="help" id={`${id}-help`}>
        {hint(code)}
      </p>
      <p className="help" role="status">
        {isAdded && text('window.files.path.added')}
      </p>
    </form>
  );
}
