import { describe, expect, test } from 'vitest';
import { breakWords } from '../../src/renderer/src/view/words.js';

/** The sentence with `|` where a line may break besides its spaces, names that stay whole in brackets, and hosts in angle brackets. */
const shown = (sentence: string) =>
  breakWords(sentence)
    .map(({ text, kind }) =>
      kind === 'joint' ? `|${text}` : kind === 'unbroken' ? `[${text}]` : kind === 'host' ? `<${text}>` : text,
    )
    .join('');

describe('where a line may break', () => {
  test.each([
    ['https://login.studio.example/realms/voice', 'https://|login|.studio|.example/|realms/|voice'],
    ['It is in /home/kim/Music/Limpid.', 'It is in /home/|kim/|Music/|Limpid.'],
    ['C:\\Users\\kim', 'C:\\|Users\\|kim'],
    ['\\\\server\\share', '\\\\server\\|share'],
    ['Signed in as kim@studio.example.', 'Signed in as kim@|studio|.example.'],
    ['tokens.studio.example does not answer.', '<tokens.studio.example> does not answer.'],
    ['Refused (PROCESSING_NOT_ALLOWED, 6).', 'Refused (PROCESSING_|NOT_|ALLOWED, 6).'],
    ['Version 0.25.1 and 4.5 s.', 'Version 0.25.1 and 4.5 s.'],
    ['ai-coustics is loaded, ai-coustics’ own.', '[ai-coustics] is loaded, [ai-coustics]’ own.'],
    ['Die ai-coustics-Bibliothek fehlt.', 'Die [ai-coustics]-Bibliothek fehlt.'],
    ['', ''],
  ])('%s', (sentence, expected) => {
    expect(shown(sentence)).toBe(expected);
  });

  test('nothing is lost and nothing is added', () => {
    const sentence = 'a  b\n/x//y/ ai-coustics/ kim@a.b.\u00a0c \\ ';
    expect(
      breakWords(sentence)
        .map(({ text }) => text)
        .join(''),
    ).toBe(sentence);
  });
});
