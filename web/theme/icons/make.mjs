#!/usr/bin/env node
// Draws the PNG icons of the installable app from their SVGs with Chromium: node web/theme/icons/make.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const here = (path) => new URL(path, import.meta.url);
const jobs = [
  ['../../public/icons/icon.svg', 180, 'icon-180.png'],
  ['../../public/icons/icon.svg', 192, 'icon-192.png'],
  ['../../public/icons/icon.svg', 512, 'icon-512.png'],
  ['maskable.svg', 512, 'icon-maskable-512.png'],
];
const browser = await chromium.launch({
  executablePath: process.env.NERVIO_CHROMIUM_BIN ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const [source, size, target] of jobs) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${readFileSync(here(source), 'utf8')}`,
  );
  writeFileSync(here(`../../public/icons/${target}`), await page.screenshot({ omitBackground: true }));
}
await browser.close();
