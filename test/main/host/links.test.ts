import { describe, expect, test } from 'vitest';
import { requireHelpLink } from '../../../src/main/host/helpLinks.js';
import { microphoneSettingsPage } from '../../../src/main/host/microphoneSettingsPage.js';
import { PanelAccess, isSameSecret } from '../../../src/main/host/panelAccess.js';

describe('help links', () => {
  test('lets our own hosts pass', () => {
    expect(requireHelpLink('https://vb-audio.com/Cable/')).toBe('https://vb-audio.com/Cable/');
  });

  test.each([
    'http://vb-audio.com/Cable/',
    'https://example.org/',
    'https://github.com/',
    'https://vb-audio.com.example.org/',
    'https://vb-audio.com@example.org/',
    'https://user:word@vb-audio.com/',
    'https://vb-audio.com:8443/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://vb-audio.com/share',
    '-flag',
    '',
  ])('refuses %s', (url) => {
    expect(() => requireHelpLink(url)).toThrow(expect.objectContaining({ code: 'link.refused' }));
  });

  test('the page of the microphone permission is one of the system, or an error that says so', () => {
    expect(microphoneSettingsPage('darwin')).toMatch(/^x-apple\.systempreferences:/);
    expect(microphoneSettingsPage('win32')).toMatch(/^ms-settings:/);
    expect(() => microphoneSettingsPage('linux')).toThrow(expect.objectContaining({ code: 'permission.no-settings' }));
  });
});

describe('links and sessions of the panel', () => {
  test('a secret holds 256 bits and is never the same', () => {
    const access = new PanelAccess();
    const links = Array.from({ length: 50 }, () => access.createLink());
    expect(new Set(links).size).toBe(50);
    expect(links.every((link) => Buffer.from(link, 'base64url').length === 32)).toBe(true);
  });

  test('a link works once, and its session is another secret', () => {
    const access = new PanelAccess();
    const link = access.createLink();
    const session = access.redeem(link);
    expect(session).not.toBeNull();
    expect(access.hasSession(session ?? '')).toBe(true);
    expect(access.hasSession(link)).toBe(false);
    expect(access.redeem(link)).toBeNull();
    expect(access.redeem(session ?? '')).toBeNull();
  });

  test('knows no stranger', () => {
    const access = new PanelAccess();
    expect(access.redeem('')).toBeNull();
    expect(access.redeem('x'.repeat(43))).toBeNull();
    expect(access.hasSession('')).toBe(false);
  });

  test('several links wait at a time; the oldest of too many is forgotten', () => {
    const access = new PanelAccess();
    const links = Array.from({ length: 9 }, () => access.createLink());
    expect(links.map((link) => access.redeem(link) !== null)).toEqual([false, ...Array(8).fill(true)]);
  });

  test('secrets compare by content, whatever their lengths', () => {
    expect(isSameSecret('abc', 'abc')).toBe(true);
    expect(isSameSecret('abc', 'abd')).toBe(false);
    expect(isSameSecret('abc', 'abcd')).toBe(false);
  });
});
