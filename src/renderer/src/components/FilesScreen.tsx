import { useEffect, useRef, useState } from 'react';
import { describe } from '../../../shared/messages/index.js';
import { chosenFiles, gatherDropped } from '../bridge/droppedFiles.js';
import type { StateProps } from '../bridge/hooks.js';
import { useFiles, type FileQueue } from '../bridge/useFiles.js';
import { text } from '../view/text.js';
import { AddFiles } from './AddFiles.js';
import { Banners } from './Banners.js';
import { FileQueueCard } from './FileQueueCard.js';
import { FileResults } from './FileResults.js';
import { Notice } from './Notice.js';
import { ScreenHead } from './ScreenHead.js';

/** Sounds before and after, a folder at a time. */
export function FilesScreen({ state }: StateProps) {
  const { queue, items, isListed, upload, failure } = useFiles();
  const isHeldOver = useDrops(queue, state);
  const { notice } = state.files;
  const heading = useRef<HTMLHeadingElement>(null);
  const dismiss = (take: () => void) => (
    <button
      className="button"
      type="button"
      onClick={() => {
        // The button goes with what it takes away.
        heading.current?.focus();
        take();
      }}
    >
      {text('window.dismiss')}
    </button>
  );
  return (
    <>
      <ScreenHead title={text('window.view.files')} purpose={text('window.files.purpose')} ref={heading} />
      <Banners state={state} />
      {failure && (
        <Notice tone="warning" message={failure.message} hint={failure.hint}>
          {dismiss(queue.dismiss)}
        </Notice>
      )}
      {notice && (
        <Notice tone="warning" {...describe(notice)}>
          {dismiss(queue.dismissNotice)}
        </Notice>
      )}
      <AddFiles state={state} queue={queue} upload={upload} isHeldOver={isHeldOver} />
      <FileResults state={state} />
      <FileQueueCard files={state.files} queue={queue} items={items} isListed={isListed} upload={upload} />
    </>
  );
}

/** Takes what is dropped anywhere on the screen; tells whether something is held over it. */
function useDrops(queue: FileQueue, { host, files }: StateProps['state']): boolean {
  const [isHeldOver, setIsHeldOver] = useState(false);
  const isPanel = host === 'panel';
  const hasFfmpeg = files.ffmpegVersion !== null;
  const { pattern } = files.options;
  useEffect(() => {
    const holdsFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false;
    const end = () => setIsHeldOver(false);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hold = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      clearTimeout(timer);
      setIsHeldOver(true);
    };
    // From one element to the next it leaves and enters at once.
    const leave = () => {
      clearTimeout(timer);
      timer = setTimeout(end, 100);
    };
    const drop = (event: DragEvent) => {
      clearTimeout(timer);
      end();
      if (!event.dataTransfer || !holdsFiles(event)) return;
      event.preventDefault();
      // Electron hands folders over by their paths; a browser has only what is in them.
      const held = [...event.dataTransfer.files];
      if (!isPanel) return void queue.add(chosenFiles(held));
      void gatherDropped(event.dataTransfer, { hasFfmpeg, pattern }).then(queue.add);
    };
    // Whoever moves the mouse holds nothing, whatever was heard of the end of it.
    addEventListener('mousemove', end);
    addEventListener('dragenter', hold);
    addEventListener('dragover', hold);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      clearTimeout(timer);
      removeEventListener('mousemove', end);
      removeEventListener('dragenter', hold);
      removeEventListener('dragover', hold);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, [queue, isPanel, hasFfmpeg, pattern]);
  return isHeldOver;
}
