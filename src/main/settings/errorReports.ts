/** The variable that the licensed engine's library looks at when it is loaded (ai-coustics SDK 0.24 and newer). */
const variable = 'DO_NOT_TRACK';

/** Its value where Limpid was started, of environments that we changed. */
const firstValues = new WeakMap<NodeJS.ProcessEnv, string | undefined>();

/** Who says whether the engine reports its errors. */
export interface ErrorReportRules {
  /** What the settings say, with what an administrator fixed. */
  areAllowed: boolean;
  /** Whether an administrator fixed that. */
  isFixed?: boolean;
  /** Whether the variable counts beside what is fixed. */
  followsVariable?: boolean;
}

/**
 * Lets the licensed engine report its errors to its vendor, or not, from the next time its library is loaded. Whoever set DO_NOT_TRACK
 * where Limpid was started has the last word, unless an administrator has it: reports that he forbids are forbidden whatever
 * it says, and those that he allows stay allowed where the variable does not count. It gets its first value back once it counts again.
 */
export function followErrorReports(
  { areAllowed, isFixed = false, followsVariable = true }: ErrorReportRules,
  environment: NodeJS.ProcessEnv = process.env,
): void {
  if (!firstValues.has(environment)) firstValues.set(environment, environment[variable]);
  const first = firstValues.get(environment);
  const isFirstFirm = first !== undefined && !(isFixed && (!areAllowed || !followsVariable));
  const value = isFirstFirm ? first : areAllowed ? undefined : '1';
  if (value === undefined) delete environment[variable];
  else environment[variable] = value;
}
