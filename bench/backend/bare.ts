import { createHash, timingSafeEqual } from 'node:crypto';
import { fastify } from 'fastify';
import { Pool } from 'undici';

/**
 * What the token backend is measured against: Fastify with nothing but the same check of a client key and the same call to
 * the vendor, whose body is passed on as it comes. `/empty` does neither. Settings come as JSON in BARE_SETTINGS.
 */
export interface BareSettings {
  vendorUrl: string;
  /** Header `Authorization` for the vendor. */
  vendorAuthorization: string;
  clients: { id: string; secretSha256: string }[];
}

const { vendorUrl, vendorAuthorization, clients } = JSON.parse(process.env['BARE_SETTINGS'] ?? '{}') as BareSettings;
const secrets = new Map(clients.map(({ id, secretSha256 }) => [id, Buffer.from(secretSha256, 'hex')]));
const keyPattern = /^Bearer lk_([\w-]{1,64})\.([\w-]{43})$/;
const vendor = new Pool(vendorUrl, { connections: 128, pipelining: 1 });
const headers = { authorization: vendorAuthorization, accept: 'application/json' };

const app = fastify();
app.post('/v1/tokens/ai-coustics', async (request, reply) => {
  const [, id = '', secret = ''] = keyPattern.exec(request.headers.authorization ?? '') ?? [];
  const known = secrets.get(id);
  const sha256 = createHash('sha256').update(secret).digest();
  if (!known || !timingSafeEqual(sha256, known)) return reply.code(401).send({ error: 'unknown' });
  const { statusCode, body } = await vendor.request({ method: 'POST', path: '/v1/sdk/tokens', headers });
  return reply
    .code(statusCode)
    .type('application/json')
    .send(await body.text());
});
app.post('/empty', (_request, reply) => reply.type('application/json').send('{"ok":true}'));

process.stderr.write(`listens on ${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
process.once('SIGTERM', () => process.exit(0));
