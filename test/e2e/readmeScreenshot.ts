import { openPanelWindow } from './panelWindow.js';
import { deskHeadphones, deskMicrophone } from './talkingDesk.js';

/** Writes the picture of the README: the real panel while somebody talks beside a fan. */
const path = 'resources/screenshot.png';
const historyFullMs = 14_000;
const marginPx = 14;

const { page, close } = await openPanelWindow();
await page.getByRole('combobox', { name: 'Microphone' }).selectOption({ label: deskMicrophone });
await page.getByRole('combobox', { name: 'Output' }).selectOption({ label: deskHeadphones });
await page.getByRole('switch').click();
await page.getByText('Enhancing').waitFor();
await page.waitForTimeout(historyFullMs);
await page.mouse.move(0, 0);
await page.evaluate('document.activeElement.blur()');
// The tones and figures below are in the tour.
const { y, height } = (await page.getByRole('region', { name: 'Signal path' }).boundingBox())!;
await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width: 1000, height: y + height + marginPx } });
await close();
