import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What axe says against WCAG 2.2 A and AA, in one line each. */
export async function violations(page: Page): Promise<string[]> {
  // Entrance animations blend colours; what stays is what is judged.
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(
        (animation) => animation.playState === 'finished' || animation.effect?.getTiming().iterations === Infinity,
      ),
  );
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}
