import { describe, expect, test } from 'vitest';
import { LimpidError } from '../../src/shared/errors.js';
import { toErrorShape } from '../../src/shared/messages/index.js';
import { Refusals } from '../../src/shared/refusals.js';

const join = (...errors: LimpidError[]) => {
  const refusals = new Refusals();
  for (const error of errors) refusals.add(toErrorShape(error));
  return refusals.error;
};
const tooLarge = new LimpidError('files.too-large', { name: 'a.wav' });

describe('what was refused', () => {
  test('is nothing, or the one reason there is', () => {
    expect(join()).toBeNull();
    expect(join(tooLarge)).toEqual(toErrorShape(tooLarge));
    expect(join(new LimpidError('files.left-out', { count: 3 }))).toMatchObject({ code: 'files.left-out' });
  });

  test('is counted with its first reason, over parts that are counted already', () => {
    const part = join(tooLarge, new LimpidError('files.path-missing'))!;
    expect(part).toMatchObject({
      code: 'files.some-refused',
      params: { count: 2, reason: { code: 'files.too-large', params: { name: 'a.wav' } } },
    });
    const refusals = new Refusals();
    refusals.add(part);
    refusals.add(toErrorShape(new LimpidError('files.left-out', { count: 3 })));
    expect(refusals.error?.message).toBe(
      '5 files were not added. The first reason: The file is larger than what a browser may send, 8\u00a0GiB: a.wav.',
    );
  });
});
