import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { runLanes } from '../../scripts/lib/lanes.mjs';

/** Steps that say two things with a pause between, and what was seen of all. */
async function watch(lanes: string[][]): Promise<{ shown: string; order: string[] }> {
  const order: string[] = [];
  let shown = '';
  await runLanes(
    lanes,
    async (name, write) => {
      order.push(`${name} begins`);
      write(`${name} 1\n`);
      await sleep(20);
      write(Buffer.from(`${name} 2\n`));
      order.push(`${name} ends`);
    },
    (text) => (shown += text.toString()),
  );
  return { shown, order };
}

describe('lanes', () => {
  test('run side by side, the steps of each one after the other', async () => {
    const { order } = await watch([['a', 'b'], ['c']]);
    expect(order.slice(0, 2)).toEqual(['a begins', 'c begins']);
    expect(order.indexOf('a ends')).toBeLessThan(order.indexOf('b begins'));
    expect(order).toHaveLength(6);
  });

  test('show the output of a step whole', async () => {
    const { shown } = await watch([['a'], ['b']]);
    for (const name of ['a', 'b']) expect(shown).toContain(`\n== ${name}\n${name} 1\n${name} 2\n`);
  });

  test('show the output of one lane as it comes', async () => {
    const { shown } = await watch([[], ['a', 'b']]);
    expect(shown).toBe('\n== a\na 1\na 2\n\n== b\nb 1\nb 2\n');
  });

  test('show a letter whole that came in two pieces', async () => {
    const [start, end] = [Buffer.from('ä').subarray(0, 1), Buffer.from('ä').subarray(1)];
    let shown = '';
    await runLanes(
      [['a'], ['b']],
      async (_, write) => {
        write(start);
        write(end);
      },
      (text) => (shown += text.toString()),
    );
    expect(shown).toContain('== a\nä\n');
  });

  test('do nothing without a step', async () => {
    expect(await watch([[], []])).toEqual({ shown: '', order: [] });
  });
});
