/**
 * How handing over went: the vendor's code, or what was thrown; `superseded`: a newer token took its place before its turn;
 * `no-engine`: there is none that needs it now.
 */
export type Applied = { code: number } | { error: unknown } | 'superseded' | 'no-engine';

/** Hands tokens to the engine one at a time. While one is under way only the newest of the others waits. */
export class TokenApplier {
  readonly #apply: (token: string) => Promise<number | null>;
  #waiting: { token: string; resolve(outcome: Applied): void } | null = null;
  #isBusy = false;

  constructor(apply: (token: string) => Promise<number | null>) {
    this.#apply = apply;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Resolves when the engine has answered to this token. */
  hand(token: string): Promise<Applied> {
    this.drop();
    return new Promise((resolve) => {
      this.#waiting = { token, resolve };
      if (!this.#isBusy) void this.#run();
    });
  }

  /** Forgets the token that waits for its turn. */
  drop(): void {
    this.#waiting?.resolve('superseded');
    this.#waiting = null;
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting) {
      const { token, resolve } = this.#waiting;
      this.#waiting = null;
      resolve(await this.#answerTo(token));
    }
    this.#isBusy = false;
  }

  async #answerTo(token: string): Promise<Applied> {
    try {
      const code = await this.#apply(token);
      return code === null ? 'no-engine' : { code };
    } catch (error) {
      return { error };
    }
  }
}
