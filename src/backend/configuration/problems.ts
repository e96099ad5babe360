/** One thing that is wrong with the configuration. Neither part ever holds a value that was found, which may be a secret. */
export interface ConfigurationProblem {
  /** A variable (`SONIOX_API_KEY_FILE`), a field (`callers.clients[0].id`), an option (`--host`), or a place in the file (`x.json:3:5`). */
  where: string;
  /** What is wrong and what to do, as the rest of a sentence that begins with `where`. */
  problem: string;
}

/** The configuration cannot be used. `problems` is complete: all of them can be mended at once. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: ConfigurationProblem[]) {
    super(problems.map(({ where, problem }) => `${where} ${problem}`).join('\n'));
  }
}
