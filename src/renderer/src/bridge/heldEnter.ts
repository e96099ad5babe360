/** A button is pressed once, however long Enter stays down: its repetition would switch the voice on and off. */
export function ignoreHeldEnter(event: KeyboardEvent): void {
  const isButton = event.target instanceof Element && event.target.closest('button, summary') !== null;
  if (event.repeat && event.key === 'Enter' && isButton) event.preventDefault();
}
