/** JSON in base64 begins with these three letters; licences have two parts, JWTs three. */
const tokenShape = /eyJ[\w+/-]{6,}={0,2}(\.[\w+/-]+={0,2}){1,2}\.?/g;
const shortestSecret = 4;
const secrets = new Set<string>();

/** Keeps a credential out of everything that `redact` sees from now on. */
export function hideSecret(secret: string): void {
  if (secret.length >= shortestSecret) secrets.add(secret);
}

/** What may be printed of a text: tokens, licences and every hidden secret (also as part of a URL or of Basic) become `[hidden]`. */
export function redact(text: string): string {
  let safe = text.replaceAll(tokenShape, '[hidden]');
  for (const secret of secrets) {
    for (const shape of new Set([secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])) {
      safe = safe.replaceAll(shape, '[hidden]');
    }
  }
  return safe;
}
