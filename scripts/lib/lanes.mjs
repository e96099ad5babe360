// @ts-check

/** @typedef {import('./child.mjs').Write} Write */

/**
 * Runs lanes of steps side by side, the steps of a lane one after the other. With one lane a step's output is shown as it comes;
 * with several it is kept back and shown whole when the step has ended, under its heading.
 * @param {string[][]} lanes names of steps; empty lanes do not count
 * @param {(name: string, write: Write) => Promise<void>} run does not reject
 * @param {Write} show
 */
export async function runLanes(lanes, run, show) {
  const filled = lanes.filter((lane) => lane.length > 0);
  const isAlone = filled.length === 1;
  const runLane = async (/** @type {string[]} */ lane) => {
    for (const name of lane) await (isAlone ? runShown(name, run, show) : runKeptBack(name, run, show));
  };
  await Promise.all(filled.map(runLane));
}

/**
 * @param {string} name
 * @param {(name: string, write: Write) => Promise<void>} run
 * @param {Write} show
 */
async function runShown(name, run, show) {
  show(`\n== ${name}\n`);
  await run(name, show);
}

/**
 * @param {string} name
 * @param {(name: string, write: Write) => Promise<void>} run
 * @param {Write} show
 */
async function runKeptBack(name, run, show) {
  /** @type {Buffer[]} */
  const kept = [];
  show(`-- ${name} begins\n`);
  await run(name, (text) => kept.push(Buffer.from(text)));
  show(`\n== ${name}\n${Buffer.concat(kept).toString()}\n`);
}
