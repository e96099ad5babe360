import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface RendererFile {
  body: Buffer;
  contentType: string;
}

/** The folder of the built renderer, found from wherever this file was bundled to (or runs from source). */
export function findRendererRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'out', 'renderer');
}

/**
 * Reads one file of the renderer, the only folder that is ever served. `/` is `index.html`.
 * Resolves with null for everything else: outside the folder (also through a link), of an unknown type, not there.
 * @param pathname path of a URL, still percent-encoded
 */
export async function readRendererFile(root: string, pathname: string): Promise<RendererFile | null> {
  const name = decodePath(pathname);
  if (name === null) return null;
  const contentType = contentTypes[extname(name)];
  if (!contentType) return null;
  try {
    const folder = await realpath(root);
    const file = await realpath(join(folder, name));
    if (!file.startsWith(folder + sep)) return null;
    return { body: await readFile(file), contentType };
  } catch {
    return null;
  }
}

/** Decoded once; null when malformed, or when it holds what no file of ours has (backslash, NUL, a step upwards). */
function decodePath(pathname: string): string | null {
  try {
    const name = pathname === '/' ? '/index.html' : decodeURIComponent(pathname);
    if (/[\\\0]/.test(name) || name.split('/').includes('..')) return null;
    return name;
  } catch {
    return null;
  }
}
