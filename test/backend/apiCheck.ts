import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** A reply as it came over the wire. */
export interface WireReply {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  text: string;
}

interface ResponseDescription {
  $ref?: string;
  headers?: Record<string, { $ref: string }>;
  content?: Record<string, { schema: object }>;
}

interface ApiDescription {
  paths: Record<string, Record<string, { responses: Record<string, ResponseDescription> }>>;
  components: {
    headers: Record<string, { required?: boolean; schema: { type?: string } }>;
    responses: Record<string, ResponseDescription>;
  };
}

/** Headers that mean something to a caller: where one is sent, the document has to say so. */
const meaningful = ['www-authenticate', 'allow', 'retry-after'];
const documentId = 'https://limpid.test/openapi.json';

/** Validators, in strict mode, of the schemas in an OpenAPI document by their JSON pointers. */
export function openValidators(document: object): (pointer: string) => ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
  addFormats.default(ajv);
  ajv.addVocabulary(Object.keys(document));
  ajv.addSchema({ $id: documentId, ...document });
  const known = new Map<string, ValidateFunction>();
  return (pointer) => {
    const validate = known.get(pointer) ?? ajv.compile({ $ref: `${documentId}#${encodeURI(pointer)}` });
    known.set(pointer, validate);
    return validate;
  };
}

/** Checks replies against the OpenAPI document that the server itself serves. */
export class ApiCheck {
  readonly #api: ApiDescription;
  readonly #validatorAt: (pointer: string) => ValidateFunction;

  constructor(document: object) {
    this.#api = document as ApiDescription;
    this.#validatorAt = openValidators(document);
  }

  /** Throws an Error that says what of the reply to `method path` is not as the document has it; null: no request was understood. */
  check(request: { method: string; path: string } | null, reply: WireReply): void {
    const pointer = this.#find(request, reply.status);
    const where = `${request ? `${request.method} ${request.path}` : 'a request that cannot be read'} → ${reply.status}`;
    const description = pointer && this.#resolve(pointer);
    if (!pointer || !description) throw new Error(`${where} is not documented: ${reply.text}`);
    this.#checkHeaders(where, description, reply.headers);
    const [mediaType = ''] = (reply.headers['content-type'] ?? '').split(';');
    if (request?.method === 'HEAD') return;
    if (!description.content?.[mediaType]) throw new Error(`${where} has the type “${mediaType}”`);
    const value: unknown = mediaType === 'application/json' ? JSON.parse(reply.text) : reply.text;
    const schema = `${pointer}/content/${escape(mediaType)}/schema`;
    this.#checkValue(where, schema, value);
  }

  /** The place of the response in the document. */
  #find(request: { method: string; path: string } | null, status: number): string | null {
    if (!request) return `/components/responses/Status${status}`;
    const path = request.path.split('?', 1)[0]!;
    const operations = this.#api.paths[path];
    const operation = operations?.[request.method.toLowerCase()];
    if (operation?.responses[status]) {
      return `/paths/${escape(path)}/${request.method.toLowerCase()}/responses/${status}`;
    }
    if (operation) return null;
    if (!operations && status === 404) return '/components/responses/NotFound';
    if (operations && status === 405) return '/components/responses/MethodNotAllowed';
    return `/components/responses/Status${status}`;
  }

  #resolve(pointer: string): ResponseDescription | undefined {
    let value: unknown = this.#api;
    for (const part of pointer.split('/').slice(1)) {
      value = (value as Record<string, unknown> | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
    }
    return value as ResponseDescription | undefined;
  }

  #checkHeaders(where: string, { headers = {} }: ResponseDescription, sent: Record<string, string>): void {
    const described = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
    const undescribed = meaningful.find((name) => sent[name] !== undefined && !described.has(name));
    if (undescribed) throw new Error(`${where} has the header ${undescribed}, which is not documented`);
    for (const [name, { $ref }] of Object.entries(headers)) {
      const pointer = $ref.slice(1);
      const { required = false, schema } = this.#resolve(
        pointer,
      ) as unknown as ApiDescription['components']['headers'][string];
      const text = sent[name.toLowerCase()];
      if (text === undefined && required) throw new Error(`${where} has no header ${name}`);
      if (text === undefined) continue;
      this.#checkValue(`${name} of ${where}`, `${pointer}/schema`, schema.type === 'integer' ? Number(text) : text);
    }
  }

  #checkValue(where: string, pointer: string, value: unknown): void {
    const validate = this.#validatorAt(pointer);
    if (validate(value)) return;
    throw new Error(`${where} is not as documented: ${JSON.stringify(validate.errors)}\n${JSON.stringify(value)}`);
  }
}

/** Asks a server for something and checks the reply against its own document. Returns the status. */
export async function fetchChecked(url: string, path: string, init: RequestInit = {}): Promise<number> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as object;
  const reply = await fetch(url + path, init);
  const wire = { status: reply.status, headers: Object.fromEntries(reply.headers), text: await reply.text() };
  new ApiCheck(document).check({ method: init.method ?? 'GET', path }, wire);
  return reply.status;
}

const escape = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
