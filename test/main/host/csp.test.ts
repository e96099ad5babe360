import { describe, expect, test } from 'vitest';
import { contentSecurityPolicy } from '../../../src/main/host/csp.js';

const directives = (policy: string) =>
  new Map(policy.split('; ').map((part) => [part.split(' ')[0], part.split(' ').slice(1).join(' ')]));

describe('content security policy', () => {
  test('gives the page in Electron no network at all', () => {
    expect(directives(contentSecurityPolicy({ host: 'electron' })).get('connect-src')).toBe("'none'");
  });

  test('gives the page in a browser its own server and its own socket only', () => {
    const policy = directives(contentSecurityPolicy({ host: 'panel', port: 8123 }));
    expect(policy.get('connect-src')).toBe("'self' ws://127.0.0.1:8123");
  });

  test.each([{ host: 'electron' } as const, { host: 'panel', port: 1 } as const])('of $host is strict', (page) => {
    const policy = directives(contentSecurityPolicy(page));
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('script-src')).toBe("'self'");
    expect(policy.get('frame-ancestors')).toBe("'none'");
    expect(contentSecurityPolicy(page)).not.toMatch(/unsafe|\*|https?:/);
  });
});
