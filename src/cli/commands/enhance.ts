import { Argument, Option, type Command } from 'commander';
import { enhanceFile, type EnhanceFileResult } from '../../main/audio/fileEnhancer.js';
import { loadNative, type EngineChoice } from '../../main/audio/native.js';
import type { Licensing } from '../../main/auth/licensing.js';
import { withLicensing } from '../../main/auth/withLicensing.js';
import { openPolicy, type FixedValues, type Policy } from '../../main/settings/policy.js';
import { errorOf, type Notice } from '../../shared/errors.js';
import { describe } from '../../shared/messages/index.js';
import type { EngineId } from '../../shared/state.js';
import { configOption, engineOption, jsonOption, levelOption } from '../options.js';
import { log, printJson, printLine } from '../output.js';
import { formatProgress, withProgress } from '../progress.js';

/** Nothing is heard meanwhile: a slow backend gets its time. */
const licencePatienceMs = 30_000;

interface EnhanceChoices {
  engine: EngineId;
  /** Strength 0..1. */
  level: number;
}

interface EnhanceOptions extends EnhanceChoices {
  output: string;
  config?: string;
  json?: boolean;
}

/** Adds `limpid enhance`. */
export function registerEnhance(program: Command): void {
  program
    .command('enhance')
    .description('Clean a WAV file into another of the same rate, channels, length and sample format.')
    .addArgument(new Argument('<input>', 'WAV: 8 to 192 kHz, 1 to 64 channels, 8 to 32 bits or floating point'))
    .addOption(new Option('-o, --output <file>', 'WAV to write; replaced when all is done').makeOptionMandatory())
    .addOption(engineOption().default('gtcrn'))
    .addOption(levelOption().default(1))
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The output is in time with the input: the delay of the engine is taken out. Each channel is cleaned for itself.
Text, cue points and other chunks are kept. A file that was cut off is cleaned up to the cut, with a warning.
Ctrl-C stops and leaves nothing behind. Where an administrator fixed engine or strength, those are used, and no others.

Examples:
  limpid enhance noisy.wav -o clean.wav
  limpid enhance noisy.wav -o clean.wav --level 0.7 --json
JSON: { "engine", "sampleRate", "channels", "frames", "seconds", "wallSeconds", "realTimeFactor", "delayMs",
        "inputDb", "outputDb", "nonFiniteSamples", "replacedBlocks", "inputTruncated" }`,
    )
    .action(runEnhance);
}

async function runEnhance(inputPath: string, options: EnhanceOptions, command: Command): Promise<void> {
  const { output, config, json = false } = options;
  const isSaid = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  const policy = await openPolicy();
  policy.close();
  const { engine, level } = followFixed(options, isSaid, policy);
  const result = await withProgress(formatProgress, (controls) => {
    const run = (choice: EngineChoice) => enhanceFile({ inputPath, outputPath: output, ...choice, level }, controls);
    if (engine !== 'aic') return run({ engine });
    return withLicensing(config, loadNative(), async ({ licence }) => run(await engage(licence)));
  });
  const realTimeFactor = result.seconds / Math.max(result.wallSeconds, 1e-6);
  for (const notice of noticesOf(inputPath, result)) warn(notice);
  if (json) printJson({ engine, ...result, realTimeFactor });
  else printLine(formatResult(output, result, realTimeFactor));
}

/** What an administrator fixed takes the place of what the command line leaves out. Throws `policy.locked` where it says otherwise. */
export function followFixed(
  { engine, level }: EnhanceChoices,
  isSaid: (name: string) => boolean,
  { values, lockReason }: Pick<Policy, 'values' | 'lockReason'>,
): EnhanceChoices {
  const chosen = { engine, level };
  const fixed = { ...chosen, ...pickFixed(values?.settings ?? {}) };
  const isRefused = (['engine', 'level'] as const).some((name) => isSaid(name) && chosen[name] !== fixed[name]);
  if (isRefused && lockReason) throw errorOf(lockReason);
  return fixed;
}

const pickFixed = ({ engine, level }: FixedValues): Partial<EnhanceChoices> => ({
  ...(engine !== undefined && { engine }),
  ...(level !== undefined && { level }),
});

/** The licensed engine with a token, which is renewed from now on. Throws why there is no engine. */
async function engage(licence: Licensing['licence']): Promise<EngineChoice> {
  licence.follow({ wished: 'aic', isSounding: true });
  await licence.ready(licencePatienceMs);
  const { choice, obstacle } = licence.choose('aic');
  if (obstacle) throw errorOf(obstacle);
  return choice;
}

/** What the person should know of a file that was enhanced all the same. */
function noticesOf(input: string, { inputTruncated, nonFiniteSamples, replacedBlocks }: EnhanceFileResult): Notice[] {
  const notices: Notice[] = [];
  if (inputTruncated) notices.push({ code: 'file.cut-short', params: { input } });
  if (nonFiniteSamples > 0) notices.push({ code: 'file.not-finite', params: { count: nonFiniteSamples } });
  if (replacedBlocks > 0) notices.push({ code: 'file.blocks-replaced', params: { count: replacedBlocks } });
  return notices;
}

function warn(notice: Notice): void {
  const { message, hint } = describe(notice);
  log(`${notice.code}: ${message} ${hint}`);
}

function formatResult(output: string, result: EnhanceFileResult, realTimeFactor: number): string {
  const { channels, sampleRate, seconds, wallSeconds, inputDb, outputDb } = result;
  const size = `${seconds.toFixed(1)} s, ${channels} × ${sampleRate} Hz`;
  const speed = `in ${wallSeconds.toFixed(1)} s (${realTimeFactor.toFixed(0)} × real time)`;
  return `${output}: ${size}, ${speed}, ${inputDb.toFixed(1)} dBFS → ${outputDb.toFixed(1)} dBFS`;
}
