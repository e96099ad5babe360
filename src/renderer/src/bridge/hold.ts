/** From here on a press is a hold. */
export const holdMs = 350;
/** Main lets go by itself of a hold that is not renewed for two seconds: its window may be gone. */
export const renewMs = 1000;

/** What presses: a key that works anywhere, or the control itself by pointer or by Space. */
export type Presser = 'key' | 'pointer' | 'space';

/** A press of a toggle: a long one holds the other side until it is let go, a short one is left to whoever asks. */
export class Hold {
  #presser: Presser | null = null;
  #isHeld = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param tell hears whether it is held: again and again while it is, and once when it is let go */
  constructor(private readonly tell: (held: boolean) => void) {}

  /** Returns whether it counts: while something presses already, nothing else does. */
  press(presser: Presser): boolean {
    if (this.#presser) return false;
    this.#presser = presser;
    this.#timer = setTimeout(() => {
      this.#isHeld = true;
      this.#renew();
    }, holdMs);
    return true;
  }

  /** Ends the press of that presser, or of any. Returns which it was; `none`: it pressed nothing. */
  release(presser: Presser | null = this.#presser): 'short' | 'long' | 'none' {
    if (presser === null || presser !== this.#presser) return 'none';
    clearTimeout(this.#timer);
    this.#presser = null;
    if (!this.#isHeld) return 'short';
    this.#isHeld = false;
    this.tell(false);
    return 'long';
  }

  #renew(): void {
    this.tell(true);
    this.#timer = setTimeout(() => this.#renew(), renewMs);
  }
}
