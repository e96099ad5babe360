import { useId, useState, type FormEvent } from 'react';
import { usualFileOptions } from '../../../shared/files.js';
import { describeError, type Message } from '../../../shared/messages/index.js';
import { describe } from '../../../shared/messages/index.js';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { useUnsaved } from '../bridge/leaveGuard.js';
import { useNow } from '../bridge/useNow.js';
import { linkTo } from '../bridge/useRoute.js';
import { enginePlan, exampleName, pastedPath, patternProblem } from '../view/filesView.js';
import { lockWordsOf } from '../view/locks.js';
import { hint, text } from '../view/text.js';
import { Field } from './Field.js';
import { WarningIcon, WaveIcon } from './icons.js';
import { TextInput } from './TextInput.js';
import { Words } from './Words.js';

/** What is done to the files, where the results go and how they are named. */
export function FileResults({ state }: StateProps) {
  const headingId = useId();
  const { folder, pattern } = state.files.options;
  const plan = enginePlan(state);
  const nowMs = useNow(10_000);
  const [folderLock, patternLock] = [lockWordsOf(state, 'files.folder'), lockWordsOf(state, 'files.pattern')];
  const isFixed = folderLock !== null && patternLock !== null;
  const example = exampleName(pattern, state.engine, nowMs);
  const beside = state.host === 'panel' ? 'window.files.results.panel' : 'window.files.results.beside';
  return (
    <section className="card files-results" aria-labelledby={headingId}>
      <h3 className="for-readers" id={headingId}>
        {text('window.files.results')}
      </h3>
      <p className={plan.isIdle ? 'files-plan files-plan-idle' : 'files-plan'}>
        {plan.isIdle ? <WarningIcon /> : <WaveIcon />}
        <span>
          <Words>{plan.message}</Words>
        </span>
        <a className="link" href={linkTo('live')}>
          {text('window.files.engine.change')}
        </a>
      </p>
      <p className="help files-where">
        <Words>
          {folder === null ? text(beside, { example }) : text('window.files.results.folder', { folder, example })}
        </Words>
      </p>
      <details className="details">
        <summary>{text(isFixed ? 'window.files.options' : 'window.files.change')}</summary>
        {folderLock === null ? (
          <FolderForm state={state} />
        ) : (
          <div className="files-form">
            <Field
              name="folder"
              label={text('window.files.folder')}
              lock={{ words: folderLock, value: folder ?? text('window.locked.beside') }}
            >
              {() => null}
            </Field>
          </div>
        )}
        {patternLock === null ? (
          <PatternForm state={state} nowMs={nowMs} />
        ) : (
          <div className="files-form">
            <Field name="pattern" label={text('window.files.pattern')} lock={{ words: patternLock, value: pattern }}>
              {() => null}
            </Field>
          </div>
        )}
      </details>
    </section>
  );
}

/** What is typed into one field of the options until main took it. */
function useOption(saved: string, form: string) {
  const { ask } = useConnection();
  const [typed, setTyped] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaved, setIsSaved] = useState(false);
  useUnsaved(form, typed !== null && typed !== saved);
  return {
    typed,
    failure,
    isSaved,
    setFailure,
    type(value: string) {
      setTyped(value);
      setFailure(null);
      setIsSaved(false);
    },
    async save(options: { folder: string | null } | { pattern: string }) {
      setFailure(null);
      setIsSaved(false);
      const answer = await ask('files.setOptions', options);
      if (!answer?.ok) return setFailure(inOneLine(answer ? describeError(answer.error) : lost()));
      setTyped(null);
      setIsSaved(true);
    },
  };
}

const lost = () => describe({ code: 'window.disconnected', params: {} });
const inOneLine = (message: Message) => [message.message, message.hint].join(' ');

function FolderForm({ state }: StateProps) {
  const id = useId();
  const { folder } = state.files.options;
  const { typed, failure, isSaved, type, save } = useOption(folder ?? '', 'files.folder');
  const code = state.host === 'panel' ? 'window.files.folder.panel' : 'window.files.folder';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed === null || typed === (folder ?? '')) return;
    const wanted = pastedPath(typed);
    void save({ folder: wanted === '' ? null : wanted });
  };

  return (
    <form className="files-form" noValidate onSubmit={submit}>
      <label className="field-label" htmlFor={id}>
        {text(code)}
      </label>
      <TextInput
        id={id}
        value={typed ?? folder ?? ''}
        maxLength={4000}
        aria-invalid={failure ? true : undefined}
        aria-describedby={failure ? `${id}-problem` : `${id}-help`}
        onText={type}
      />
      <Problem id={`${id}-problem`} failure={failure} />
      <p className="help" id={`${id}-help`}>
        {hint(code)}
      </p>
      <div className="form-actions">
        <button className="button" type="submit">
          {text('window.files.folder.save')}
        </button>
        {folder !== null && (
          <button className="button" type="button" onClick={() => void save({ folder: null })}>
            {text('window.files.folder.beside')}
          </button>
        )}
        <p className="help" role="status">
          {isSaved && text('window.files.folder.saved')}
        </p>
      </div>
    </form>
  );
}

function PatternForm({ state, nowMs }: StateProps & { nowMs: number }) {
  const id = useId();
  const { pattern } = state.files.options;
  const { typed, failure, isSaved, setFailure, type, save } = useOption(pattern, 'files.pattern');
  const shown = typed ?? pattern;
  const isGood = patternProblem(shown) === null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed === null || typed === pattern) return;
    const problem = patternProblem(typed);
    if (problem === null) void save({ pattern: typed.trim() });
    else setFailure(problem);
  };

  return (
    <form className="files-form" noValidate onSubmit={submit}>
      <label className="field-label" htmlFor={id}>
        {text('window.files.pattern')}
      </label>
      <TextInput
        id={id}
        value={shown}
        maxLength={400}
        aria-invalid={failure ? true : undefined}
        aria-describedby={[failure && `${id}-problem`, `${id}-example`, `${id}-help`].filter(Boolean).join(' ')}
        onText={type}
        onBlur={() => setFailure(typed === null ? null : patternProblem(typed))}
      />
      <Problem id={`${id}-problem`} failure={failure} />
      <p className="files-example" id={`${id}-example`}>
        {isGood && text('window.files.pattern.example', { example: exampleName(shown, state.engine, nowMs) })}
      </p>
      <p className="help" id={`${id}-help`}>
        {hint('window.files.pattern')}
      </p>
      <div className="form-actions">
        <button className="button" type="submit">
          {text('window.files.pattern.save')}
        </button>
        {pattern !== usualFileOptions.pattern && (
          <button className="button" type="button" onClick={() => void save({ pattern: usualFileOptions.pattern })}>
            {text('window.files.pattern.usual')}
          </button>
        )}
        <p className="help" role="status">
          {isSaved && text('window.files.pattern.saved')}
        </p>
      </div>
    </form>
  );
}

function Problem({ id, failure }: { id: string; failure: string | null }) {
  if (failure === null) return null;
  return (
    <p className="field-problem" id={id} role="alert">
      <WarningIcon />
      {failure}
    </p>
  );
}
