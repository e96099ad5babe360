interface KeyListeners {
  /** Returns whether the key was taken. */
  onKeyDown(event: KeyboardEvent): boolean;
  onKeyUp?(event: KeyboardEvent): void;
  /** The end of a press may not have been told: another window, another tab, a key of the system. */
  onLost?(): void;
}

/** Where letters are typed, or choose something; a radio button and a check box have no use for them. */
const typing = 'input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], dialog, [inert]';

const isTyping = ({ target }: Event): boolean => target instanceof Element && target.closest(typing) !== null;

/** Hears keys pressed anywhere in the page but in fields and dialogs. Returns what ends it. */
export function followKeys({ onKeyDown, onKeyUp, onLost }: KeyListeners): () => void {
  const down = (event: KeyboardEvent) => {
    // macOS tells no end of a key that goes up while Command is down.
    if (event.key === 'Meta') onLost?.();
    if (isTyping(event) || document.querySelector('dialog[open], main[inert]')) return;
    if (onKeyDown(event)) event.preventDefault();
  };
  const up = (event: KeyboardEvent) => onKeyUp?.(event);
  const lose = () => onLost?.();
  const hide = () => {
    if (document.hidden) lose();
  };
  document.addEventListener('keydown', down);
  document.addEventListener('keyup', up);
  document.addEventListener('visibilitychange', hide);
  addEventListener('blur', lose);
  addEventListener('pagehide', lose);
  return () => {
    document.removeEventListener('keydown', down);
    document.removeEventListener('keyup', up);
    document.removeEventListener('visibilitychange', hide);
    removeEventListener('blur', lose);
    removeEventListener('pagehide', lose);
    lose();
  };
}
