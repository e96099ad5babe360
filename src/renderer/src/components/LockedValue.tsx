import type { ComponentProps } from 'react';

/** What is fixed: all of it can be read and copied, in as many lines as it takes. */
export function LockedValue(
  props: Pick<ComponentProps<'textarea'>, 'id' | 'name' | 'aria-labelledby' | 'aria-describedby' | 'aria-invalid'> & {
    value: string;
  },
) {
  return <textarea {...props} className="input input-locked" rows={1} readOnly />;
}
