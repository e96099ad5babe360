const tellCopy = 'copy it again from the vendor’s developer platform';

/**
 * The `api_key` in an SDK licence of ai-coustics, `<payload>.<signature>`. The payload is JSON in base64 or base64url, with or
 * without padding. Else what is wrong, without any part of it.
 */
export function decodeSdkLicence(licence: string): { apiKey: string } | { problem: string } {
  const parts = licence.split('.');
  if (parts.length === 3) {
    return {
      problem:
        'is a token (three parts with dots between), not the licence that tokens are made with; it has two parts',
    };
  }
  const [payload = '', signature = ''] = parts;
  // Nobody says how the signature is written.
  if (parts.length !== 2 || !isBase64(payload) || !/^[\w+/=-]+$/.test(signature)) {
    return { problem: `is no SDK licence, which has two parts in base64 with a dot between; ${tellCopy}` };
  }
  const apiKey = readApiKey(payload);
  if (apiKey === null) return { problem: `holds no API key in its first part; ${tellCopy}` };
  return { apiKey };
}

function isBase64(text: string): boolean {
  return /^[\w+/-]+={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1;
}

function readApiKey(payload: string): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(payload, 'base64'));
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('api_key' in value)) return null;
    const { api_key: apiKey } = value;
    // It is sent as the user's name of HTTP Basic, which a colon would end.
    return typeof apiKey === 'string' && /^[!-9;-~]+$/.test(apiKey) ? apiKey : null;
  } catch {
    return null;
  }
}
