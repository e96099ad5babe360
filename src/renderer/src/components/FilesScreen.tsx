import type { StateProps } from '../bridge/hooks.js';
import { text } from '../view/text.js';
import { Banners } from './Banners.js';

/** Sounds before and after, a folder at a time. */
export function FilesScreen({ state }: StateProps) {
  return (
    <>
      <div className="screen-head">
        <h2 className="screen-heading" tabIndex={-1}>
          {text('window.view.files')}
        </h2>
      </div>
      <Banners state={state} />
    </>
  );
}
