/** A part of a sentence. `unbroken` stays in one line, `host` where one line has room for it; at a `joint` before it a line may break. */
export interface Piece {
  text: string;
  kind: 'plain' | 'joint' | 'unbroken' | 'host';
}

/** The vendor's name has a hyphen that is no place for a break. */
const unbroken = 'ai-coustics';
/** Addresses, paths and people at a host. */
const compound = /[/\\@]/;
/** Too long for a narrow line, whatever it is. */
const longLetters = 16;
/** After each of / \ @ _ but a first one, and before a dot that something follows. */
const joints = /(?<=[\p{L}\p{N}:.)-][/\\@_]+)(?![/\\])(?=.)|(?=\.[\p{L}\p{N}])/u;
const host = /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+[.,:;]?$/u;

/** A sentence in pieces, so that addresses and paths break where they have joints and names do not break. */
export function breakWords(sentence: string): Piece[] {
  return sentence.split(/(?<=\s)/).flatMap((word): Piece[] => {
    const bare = word.trimEnd();
    if (bare.length > longLetters && host.test(bare)) {
      const rest = word.slice(bare.length);
      return [{ text: bare, kind: 'host' }, ...(rest === '' ? [] : [{ text: rest, kind: 'plain' as const }])];
    }
    if (compound.test(bare) || (bare.length > longLetters && !bare.includes(unbroken))) {
      return bare.split(joints).map((text, index, parts) => ({
        text: index === parts.length - 1 ? text + word.slice(bare.length) : text,
        kind: index === 0 ? 'plain' : 'joint',
      }));
    }
    return word
      .split(new RegExp(`(${unbroken})`))
      .filter((text) => text !== '')
      .map((text) => ({ text, kind: text === unbroken ? 'unbroken' : 'plain' }));
  });
}
