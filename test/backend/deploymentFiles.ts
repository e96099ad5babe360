import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const read = (path: string) => readFileSync(join(root, path), 'utf8');

export interface Instruction {
  /** Upper case, such as `COPY`. */
  name: string;
  /** Words after it, without options; those of the exec form where it is one. */
  words: string[];
  /** `--from=build` as `{ from: 'build' }`. */
  options: Record<string, string>;
  isExecForm: boolean;
}

export interface Stage {
  image: string;
  /** As later stages call it; null: it has no name. */
  name: string | null;
  instructions: Instruction[];
}

/** The stages of a Dockerfile, as far as ours goes: no heredocs, no quotes but those of the exec form, no `ARG`. */
export function parseDockerfile(text: string): Stage[] {
  const lines = text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim());
  const stages: Stage[] = [];
  for (const line of lines) {
    const instruction = readInstruction(line);
    if (instruction.name === 'FROM') {
      const [image = '', , name = null] = instruction.words;
      stages.push({ image, name, instructions: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (!stage) throw new Error(`${instruction.name} stands before FROM`);
    stage.instructions.push(instruction);
  }
  return stages;
}

function readInstruction(line: string): Instruction {
  const [, name = '', optionText = '', rest = ''] = /^\s*(\w+)\s+((?:--\S+\s+)*)(.*)$/.exec(line) ?? [];
  const options = [...optionText.matchAll(/--([\w-]+)=(\S+)/g)].map(([, key, value]) => [key, value]);
  const execForm = /^(?:CMD\s+)?(\[.*\])\s*$/.exec(rest)?.[1];
  const words = execForm ? (JSON.parse(execForm) as string[]) : rest.trim().split(/\s+/);
  return { name: name.toUpperCase(), words, options: Object.fromEntries(options), isExecForm: execForm !== undefined };
}

/** The words of the one instruction of this name. */
export function wordsOf(stage: Stage, name: string): string[] {
  const found = stage.instructions.filter((instruction) => instruction.name === name);
  if (found.length !== 1) throw new Error(`${found.length} times ${name}`);
  return found[0]?.words ?? [];
}

/** What `ENV` sets. */
export function environmentOf(stage: Stage): Record<string, string> {
  const pairs = stage.instructions
    .filter(({ name }) => name === 'ENV')
    .flatMap(({ words }) => words)
    .map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]);
  return Object.fromEntries(pairs);
}

/** Both stages of our Dockerfile: what builds, and what runs. */
export function readDockerfile(): { build: Stage; image: Stage } {
  const [build, image, ...others] = parseDockerfile(read('deploy/Dockerfile'));
  if (!build || !image || others.length > 0) throw new Error('two stages were expected');
  return { build, image };
}

/** The lines for other vendors stand there as comments; here they count. */
const withEveryVendor = (text: string) => text.replaceAll(/# (?=[A-Z]+_[A-Z_]+: |- \{ name: [A-Z])/g, '');

export interface ComposeService {
  image: string;
  build?: { context: string; dockerfile: string };
  environment?: Record<string, string>;
  command?: string[];
  ports?: string[];
  user?: string;
  volumes?: string[];
  networks?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  stop_grace_period?: string;
  mem_limit?: string;
}

export function readCompose(): {
  services: Record<'backend-a' | 'backend-b' | 'store' | 'balancer', ComposeService>;
  networks: Record<string, { internal?: boolean; name?: string }>;
} {
  return parse(withEveryVendor(read('deploy/compose.yaml')), { merge: true });
}

export interface Manifest {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  spec: Record<string, unknown>;
}

/** Every document of the Kubernetes manifest, by `kind/name`. */
export function readManifests(): Map<string, Manifest> {
  // Kubernetes reads YAML 1.1, in which 0440 is octal.
  const documents = parseAllDocuments(withEveryVendor(read('deploy/kubernetes.yaml')), { version: '1.1' });
  const manifests = documents.map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS() as Manifest;
  });
  return new Map(manifests.map((manifest) => [`${manifest.kind}/${manifest.metadata.name}`, manifest]));
}
