/** From here on a press is a hold. */
export const holdMs = 350;

/** A press of a toggle: a long one switches at once and back on release, a short one is left to whoever asks. */
export class Hold {
  #phase: 'idle' | 'pressed' | 'held' = 'idle';
  #before = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly change: (isOn: boolean) => void) {}

  /** `isOn`: how the toggle stands now. */
  press(isOn: boolean): void {
    this.release();
    this.#before = isOn;
    this.#phase = 'pressed';
    this.#timer = setTimeout(() => {
      this.#phase = 'held';
      this.change(!isOn);
    }, holdMs);
  }

  /** Ends the press, and puts back what a long one had switched. Returns which it was; `none`: nothing was pressed. */
  release(): 'short' | 'long' | 'none' {
    clearTimeout(this.#timer);
    const phase = this.#phase;
    this.#phase = 'idle';
    if (phase === 'idle') return 'none';
    if (phase === 'pressed') return 'short';
    this.change(this.#before);
    return 'long';
  }
}
