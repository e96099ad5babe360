import { describe, expect, test } from 'vitest';
import { hasDisplay, machineObstacle, missingLibraries } from '../../scripts/lib/electron.mjs';

describe('what keeps Electron from opening a window', () => {
  const desktop = { platform: 'linux', isRoot: false, environment: { DISPLAY: ':0' } };

  test('nothing on a desktop, X11 or Wayland', () => {
    expect(machineObstacle(desktop)).toBeNull();
    expect(machineObstacle({ ...desktop, environment: { WAYLAND_DISPLAY: 'wayland-0' } })).toBeNull();
  });

  test('no display', () => {
    expect(machineObstacle({ ...desktop, environment: {} })).toContain('no display');
  });

  test('a browser needs a display too, which only Linux may lack', () => {
    expect(hasDisplay({ platform: 'linux', environment: {} })).toBe(false);
    expect(hasDisplay(desktop)).toBe(true);
    expect(hasDisplay({ platform: 'darwin', environment: {} })).toBe(true);
  });

  test('root on Linux', () => {
    expect(machineObstacle({ ...desktop, isRoot: true })).toContain('root');
  });

  test.each(['darwin', 'win32'])('neither counts on %s', (platform) => {
    expect(machineObstacle({ platform, isRoot: true, environment: {} })).toBeNull();
  });
});

test('libraries that ldd did not find are named once', () => {
  const output = [
    '\tlinux-vdso.so.1 (0x00007ffd)',
    '\tlibgtk-3.so.0 => not found',
    '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)',
    '\tlibnss3.so => not found',
    '\tlibgtk-3.so.0 => not found',
  ].join('\n');
  expect(missingLibraries(output)).toEqual(['libgtk-3.so.0', 'libnss3.so']);
});
