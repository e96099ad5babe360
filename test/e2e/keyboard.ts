import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';

/** What a screen reader is told of the control that has the focus. */
export interface Focused {
  /** As Chromium computes it, such as `combobox`, `switch` or `DisclosureTriangle`. */
  role: string;
  /** With plain spaces alone. */
  name: string;
  /** What is spoken for it: the text of a value, the option of a list, what a field holds. */
  value: string;
  description: string;
  /** `true`, `false` or `mixed` of what can be checked or pressed; empty for all others. */
  checked: string;
}

interface AxValue {
  value?: unknown;
}
interface AxNode {
  role?: AxValue;
  name?: AxValue;
  value?: AxValue;
  description?: AxValue;
  properties?: { name: string; value: AxValue }[];
}

/** Farther than this nobody tabs. */
const mostSteps = 60;
/** A window scrolls to what has the focus a moment after it has it. */
const scrollsWithinMs = 500;

/** A person who has a keyboard and nothing else, and who goes by the words that a screen reader says. */
export class Keyboard {
  /** What had the focus without being seen: outside of what the window shows, or without a sign of focus. */
  readonly unseen: string[] = [];

  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
  ) {}

  static async at(page: Page): Promise<Keyboard> {
    return new Keyboard(page, await page.context().newCDPSession(page));
  }

  async press(key: string, times = 1): Promise<void> {
    for (let count = 0; count < times; count += 1) await this.page.keyboard.press(key);
  }

  type(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  /** What the field that has the focus holds is replaced. */
  async replace(text: string): Promise<void> {
    await this.press('Control+a');
    await this.type(text);
  }

  async focused(): Promise<Focused> {
    const objectId = await this.#find('document.activeElement ?? document.body');
    const { nodes } = await this.session.send('Accessibility.getPartialAXTree', { objectId, fetchRelatives: false });
    const node = nodes[0] as AxNode;
    const property = (name: string) => node.properties?.find((each) => each.name === name)?.value.value;
    const spoken = await this.page.evaluate<string | null>(`document.activeElement?.getAttribute('aria-valuetext')`);
    return {
      role: String(node.role?.value ?? ''),
      name: String(node.name?.value ?? '').replaceAll(/\s+/g, ' '),
      value: spoken ?? String(node.value?.value ?? ''),
      description: String(node.description?.value ?? ''),
      checked: String(property('checked') ?? property('pressed') ?? ''),
    };
  }

  async #find(expression: string): Promise<string> {
    const { result } = await this.session.send('Runtime.evaluate', { expression });
    if (result.objectId === undefined) throw new Error('nothing has the focus');
    return result.objectId;
  }

  async #isSeen(): Promise<boolean> {
    for (const startedMs = performance.now(); performance.now() - startedMs < scrollsWithinMs; await sleep(20)) {
      if (await this.page.evaluate<boolean>(isSeen)) return true;
    }
    return false;
  }

  /**
   * Tabs until a control of this role and name has the focus; `back`: with Shift. Returns everything that had it on the way, as
   * `role: name`, the control last. Throws with that list when it is nowhere to be found.
   */
  async tabTo(role: string, name: string | RegExp, { back = false } = {}): Promise<string[]> {
    const way: string[] = [];
    while (way.length < mostSteps) {
      await this.press(back ? 'Shift+Tab' : 'Tab');
      const focused = await this.focused();
      way.push(`${focused.role}: ${focused.name}`);
      if (!(await this.#isSeen())) this.unseen.push(`${focused.role}: ${focused.name}`);
      const isName = typeof name === 'string' ? focused.name === name : name.test(focused.name);
      if (focused.role === role && isName) return way;
    }
    throw new Error(`no ${role} “${String(name)}” on the way:\n${way.join('\n')}`);
  }
}

const isSeen = `(() => {
  const element = document.activeElement ?? document.body;
  const { top, bottom, left, right } = element.getBoundingClientRect();
  const isInside = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
  return element === document.body || (isInside && element.matches(':focus-visible'));
})()`;
