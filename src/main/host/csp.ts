/** Where the renderer runs: inside Electron, or in a browser that talks to our panel through one socket. */
export type CspHost = { host: 'electron' } | { host: 'panel'; port: number };

/** The Content-Security-Policy of every page we serve. In Electron the page has no network at all. */
export function contentSecurityPolicy(page: CspHost): string {
  const connect = page.host === 'electron' ? "'none'" : `'self' ws://127.0.0.1:${page.port}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** What a browser could offer a page: our own never asks. Sound is the native core's business. */
const refusedFeatures = [
  'camera',
  'display-capture',
  'geolocation',
  'hid',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
];

/** The headers that go with every file of the renderer, on `app://` and on the panel alike. */
export function securityHeaders(page: CspHost): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(page),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': refusedFeatures.map((feature) => `${feature}=()`).join(', '),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}
