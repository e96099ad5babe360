import { expect, test } from 'vitest';
import { takeSecrets, withoutSecrets } from '../../src/main/secretVariables.js';

const secrets = {
  LIMPID_BACKEND_CREDENTIAL: 'secret',
  HTTPS_PROXY: 'http://name:pass%40word@proxy.example:3128/',
  http_proxy: 'name@proxy.example:80',
};
const others = { PATH: '/bin', NO_PROXY: 'name:word@a', ALL_PROXY: 'http://proxy.example:1', LIMPID_BACKEND_URL: '' };
const left = { HTTPS_PROXY: 'http://proxy.example:3128', http_proxy: 'http://proxy.example' };

test('programs that are started find neither the credential nor the login of a proxy', () => {
  const environment = { ...others, ...secrets };
  expect(withoutSecrets(environment)).toEqual({ ...others, ...left });
  expect(environment).toEqual({ ...others, ...secrets });
});

test('secrets are taken out of this process, and are what they were for who took them', () => {
  const environment: NodeJS.ProcessEnv = { ...others, ...secrets };
  expect(takeSecrets(environment)).toEqual(secrets);
  expect(environment).toEqual({ ...others, ...left });
  expect('LIMPID_BACKEND_CREDENTIAL' in environment).toBe(false);
  expect(takeSecrets(environment)).toEqual({});
});

test.each(['socks5://name:word@proxy.example', 'http://name:1#word@proxy.example', 'http://name:word@'])(
  'a proxy whose login cannot be told apart is left out: %s',
  (address) => {
    expect(withoutSecrets({ https_proxy: address })).toEqual({ https_proxy: undefined });
  },
);
