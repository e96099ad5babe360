import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { hideSecret, redact } from '../../src/main/redact.js';

describe('the redactor', () => {
  test('hides tokens and licences wherever they stand', async () => {
    const token = await new SignJWT({ sub: 'someone' }).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32));
    const licence = `${Buffer.from('{"api_key":"k"}').toString('base64')}.c2ln`;
    const text = redact(`Error: "${token}" at https://host/?token=${token}, licence ${licence}.`);
    expect(text).toBe('Error: "[hidden]" at https://host/?token=[hidden], licence [hidden]');
  });

  test('hides credentials that it was told, also encoded', () => {
    hideSecret('pass word+1');
    const basic = Buffer.from('pass word+1').toString('base64');
    expect(redact(`pass word+1 ${basic} pass%20word%2B1 password`)).toBe('[hidden] [hidden] [hidden] password');
  });

  test('leaves other text alone', () => {
    const text = 'a.b.c 1.2.3 device.failed: node.js at /home/eyJ/x.y';
    expect(redact(text)).toBe(text);
  });
});
