/** What the placeholders become. */
const shapes: Readonly<Record<string, string>> = {
  engine: '(?:gtcrn|aic|bypass)',
  date: '\\d{4}-\\d\\d-\\d\\d',
  time: '\\d\\d-\\d\\d-\\d\\d',
};

/**
 * Whether the pattern makes this name, with its ending and perhaps a number, of another one of these. A pattern that does not change
 * the name, or does not hold it, says nothing.
 */
export function isNameOfResult(name: string, pattern: string, names: ReadonlySet<string>): boolean {
  const parts = pattern.trim().split(/\{(\w+)\}/);
  const isTelling = parts.some((part, at) => (at % 2 === 0 ? part.trim() !== '' : part !== 'name'));
  if (!parts.includes('name') || !isTelling) return false;
  let isNamed = false;
  const source = parts.map((part, at) => {
    if (at % 2 === 0) return part.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
    if (part !== 'name') return shapes[part] ?? '';
    if (isNamed) return '\\k<name>';
    isNamed = true;
    return '(?<name>.+)';
  });
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 ? name.slice(dot) : '';
  const match = new RegExp(`^${source.join('')}(?: \\(\\d+\\))?$`).exec(name.slice(0, name.length - ending.length));
  const original = match?.groups?.['name'];
  return original !== undefined && names.has(original + ending);
}
