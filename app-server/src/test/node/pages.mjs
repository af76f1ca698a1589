// Opens the pages in headless Chromium as people do: by phone and by desktop, by day and by night.
// Each must load nothing that its policy forbids, fit the window and please axe. Then the buttons
// are pressed, with scripts switched off.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
const tasks = JSON.parse(process.env.MAILGOAT_PAGES);
const pictures = process.env.MAILGOAT_PICTURES;

const WINDOWS = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 1.5, isMobile: true, hasTouch: true },
};

const browser = await chromium.launch({
  executablePath: process.env.MAILGOAT_CHROMIUM,
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});

let opened = 0;
let pressed = 0;

async function look({ name, url, status: expected, locale, steps }) {
  for (const [width, window] of Object.entries(WINDOWS)) {
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({ ...window, colorScheme, locale });
      const page = await context.newPage();
      const complaints = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
      let response = await page.goto(url, { waitUntil: 'load' });
      for (const step of steps) {
        response = await take(page, step);
      }
      const where = `${name}, ${width}, ${colorScheme}`;
      assert.equal(response.status(), expected, where);
      // Chromium itself says so of every status from 400 on.
      const real = complaints.filter((c) => expected < 400 || !c.startsWith('Failed to load resource'));
      assert.deepEqual(real, [], where);
      const [content, space] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      assert.ok(content <= space, `${where}: ${content} pixels wide in ${space}`);
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('button, input:not([type=hidden]):not([tabindex="-1"]), .button')]
          .map((e) => (e.closest('label') ?? e).getBoundingClientRect())
          .filter((box) => box.height < 24).length);
      assert.equal(small, 0, `${where}: something to press is too small`);
      await page.evaluate(axe);
      const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
      assert.deepEqual(
        result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`), [], where);
      if (pictures) {
        await mkdir(pictures, { recursive: true });
        await page.screenshot({ path: path.join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true });
      }
      opened++;
      await context.close();
    }
  }
}

// One step of a person; answers with the page it led to, or nothing where it led nowhere.
async function take(page, step) {
  for (const [label, value] of Object.entries(step.fill ?? {})) {
    await page.getByLabel(label).fill(value);
  }
  for (const label of step.check ?? []) {
    await page.getByLabel(label).check();
  }
  for (const label of step.uncheck ?? []) {
    await page.getByLabel(label).uncheck();
  }
  if (step.click && Object.keys(step.fill ?? {}).length > 0) {
    // Nobody writes faster, and what does is no person.
    await page.waitForTimeout(2_500);
  }
  let response;
  if (step.click) {
    [response] = await Promise.all([
      page.waitForResponse((r) => r.request().isNavigationRequest()),
      page.getByRole('button', { name: step.click, exact: true }).click(),
    ]);
    await page.waitForLoadState('load');
    pressed++;
  }
  await page.getByText(step.see).first().waitFor({ state: 'visible', timeout: 10_000 });
  return response;
}

// Presses what a task says, each step on what the one before led to.
async function press(task) {
  for (const window of task.window ? [WINDOWS[task.window]] : Object.values(WINDOWS)) {
    const context = await browser.newContext({ ...window, javaScriptEnabled: false, locale: 'en-US' });
    const page = await context.newPage();
    await page.goto(task.url);
    for (const step of task.steps) {
      await take(page, step);
    }
    await context.close();
  }
}

try {
  for (const task of tasks) {
    if (task.status) {
      await look(task);
    } else {
      await press(task);
    }
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify({ opened, pressed }));
