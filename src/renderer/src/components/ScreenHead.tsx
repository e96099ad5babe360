import type { Ref } from 'react';

interface ScreenHeadProps {
  title: string;
  purpose: string;
  ref?: Ref<HTMLHeadingElement>;
}

/** The name of a screen and what it is for. The heading takes the focus when its screen is shown. */
export function ScreenHead({ title, purpose, ref }: ScreenHeadProps) {
  return (
    <div className="screen-head">
      <h2 className="screen-heading" tabIndex={-1} ref={ref}>
        {title}
      </h2>
      <p className="screen-purpose">{purpose}</p>
    </div>
  );
}
