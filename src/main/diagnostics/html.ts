/** HTML that is complete: whatever stands in it was escaped. */
export class Html {
  constructor(readonly text: string) {}
}

type Piece = string | number | Html | readonly Html[];

/** A piece of HTML. What is put in is escaped, unless it is HTML already. */
export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Html {
  return new Html(
    strings.map((string, index) => `${string}${index < pieces.length ? textOf(pieces[index]!) : ''}`).join(''),
  );
}

export const nothing = new Html('');

function textOf(piece: Piece): string {
  if (piece instanceof Html) return piece.text;
  if (typeof piece === 'object') return piece.map(({ text }) => text).join('\n');
  return escapeHtml(String(piece));
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For text and for attributes in quotes. Characters that XML forbids are left out: an SVG is in it. */
export const escapeHtml = (text: string): string =>
  text.replaceAll(/(?![\t\n\r])\p{Cc}/gu, '').replaceAll(/[&<>"']/g, (each) => escapes[each] ?? each);
