/** The variable that the licensed engine's library looks at when it is loaded (ai-coustics SDK 0.24 and newer). */
const variable = 'DO_NOT_TRACK';

/** What we set ourselves; a person's own value is never touched. */
const ours = new WeakSet<NodeJS.ProcessEnv>();

/** Lets the licensed engine report its errors to its vendor, or not, from the next time its library is loaded. Whoever set DO_NOT_TRACK before has the last word, unless an administrator has it (`isFixed`). */
export function followErrorReports(
  areAllowed: boolean,
  environment: NodeJS.ProcessEnv = process.env,
  { isFixed = false } = {},
): void {
  if (environment[variable] !== undefined && !ours.has(environment) && !isFixed) return;
  if (areAllowed) {
    delete environment[variable];
    ours.delete(environment);
    return;
  }
  environment[variable] = '1';
  ours.add(environment);
}
