import {
  backendEnvironment,
  environmentName,
  signInSettings,
  type BackendEnvironment,
} from '../../../shared/backend.js';
import type { TextCode } from './text.js';

/** A header as it is typed; `key` stays with its row. */
export interface HeaderDraft {
  key: number;
  name: string;
  value: string;
}

/** An environment as it is typed: text in every field, valid or not. */
export interface EnvironmentDraft {
  name: string;
  url: string;
  method: BackendEnvironment['method'];
  headers: HeaderDraft[];
  body: string;
  credentialKind: BackendEnvironment['credentialKind'];
  credentialHeader: string;
  issuer: string;
  clientId: string;
  scope: string;
  resource: string;
  audience: string;
  token: string;
  expiresAt: string;
  expiresIn: string;
  timeout: string;
  caFile: string;
  proxy: string;
}

const basicFields = ['name', 'url', 'credentialKind', 'credentialHeader', 'issuer', 'clientId', 'scope'] as const;

/** Fields in the order they stand on the screen; a header row is `headers.<row>.name` or `.value`. */
export const fieldOrder = [
  ...basicFields,
  'resource',
  'audience',
  'method',
  'headers',
  'body',
  'token',
  'expiresAt',
  'expiresIn',
  'timeout',
  'caFile',
  'proxy',
] as const;

/** What is wrong, by field; empty when nothing is. */
export type FieldProblems = Partial<Record<string, TextCode>>;

/** Whether a field stands behind “More settings”. */
export const isAdvanced = (field: string) => !basicFields.some((each) => each === field);

const suggestedNames = ['production', 'staging', 'development'];

/** A new environment with the usual settings, and the first usual name that is free. */
export function newDraft(takenNames: string[]): EnvironmentDraft {
  const name = suggestedNames.find((each) => !takenNames.includes(each)) ?? '';
  return { ...toDraft(backendEnvironment.parse({ name: 'new' })), name };
}

export function toDraft(values: BackendEnvironment): EnvironmentDraft {
  return {
    name: values.name,
    url: values.url,
    method: values.method,
    headers: values.headers.map(({ name, value }, key) => ({ key, name, value })),
    body: values.body,
    credentialKind: values.credentialKind,
    credentialHeader: values.credentialHeader,
    ...values.signIn,
    token: values.reply.token,
    expiresAt: values.reply.expiresAt,
    expiresIn: values.reply.expiresIn,
    timeout: String(values.timeoutMs / 1000),
    caFile: values.caFile ?? '',
    proxy: values.proxy ?? '',
  };
}

/** What was typed, apart from how often rows came and went. */
const comparable = (draft: EnvironmentDraft) =>
  JSON.stringify({ ...draft, headers: filledHeaders(draft).map(({ name, value }) => [name, value]) });

export const isSameDraft = (one: EnvironmentDraft, other: EnvironmentDraft) => comparable(one) === comparable(other);

const filledHeaders = ({ headers }: EnvironmentDraft) =>
  headers.filter(({ name, value }) => name !== '' || value !== '');

export interface ReadDraft {
  /** Null while something is wrong. */
  values: BackendEnvironment | null;
  problems: FieldProblems;
}

/**
 * Checks what was typed by the shared schema, and by what a schema cannot see: the other names, and which addresses are
 * safe to send a credential to. Main checks all of it again.
 */
export function readDraft(draft: EnvironmentDraft, otherNames: string[]): ReadDraft {
  const filled = filledHeaders(draft);
  const { issuer, clientId, scope, resource, audience } = draft;
  const signIn = { issuer, clientId, scope, resource, audience };
  const isSignIn = draft.credentialKind === 'sign-in';
  const parsed = backendEnvironment.safeParse({
    name: draft.name,
    url: draft.url,
    method: draft.method,
    headers: filled.map(({ name, value }) => ({ name: name.trim(), value: value.trim() })),
    body: draft.body,
    credentialKind: draft.credentialKind,
    credentialHeader:
      draft.credentialKind === 'header' ? draft.credentialHeader.trim() : draft.credentialHeader || undefined,
    signIn: isSignIn ? signIn : signInSettings.safeParse(signIn).data,
    reply: { token: draft.token.trim(), expiresAt: draft.expiresAt.trim(), expiresIn: draft.expiresIn.trim() },
    timeoutMs: readSeconds(draft.timeout),
    caFile: draft.caFile.trim() || null,
    proxy: draft.proxy.trim() || null,
  });
  const problems: FieldProblems = {};
  for (const { path } of parsed.error?.issues ?? []) {
    const [field, code] = locate(path, draft, filled);
    problems[field] ??= code;
  }
  problems['url'] ??= urlProblem(draft.url.trim());
  if (isSignIn) {
    problems['issuer'] ??= issuerProblem(issuer.trim());
    if (clientId.trim() === '') problems['clientId'] ??= 'window.problem.client-id';
  }
  if (draft.proxy.trim() && !isProxy(draft.proxy.trim())) problems['proxy'] ??= 'window.problem.proxy';
  if (isTaken(draft.name, otherNames)) problems['name'] ??= 'window.problem.name-taken';
  const found = Object.entries(problems).filter(([, code]) => code !== undefined);
  return { values: found.length === 0 && parsed.success ? parsed.data : null, problems: Object.fromEntries(found) };
}

/** The first field that is wrong, from the top of the screen. */
export function firstProblem(problems: FieldProblems): string | null {
  const rank = (field: string) => fieldOrder.findIndex((each) => field === each || field.startsWith(`${each}.`));
  return Object.keys(problems).toSorted((one, other) => rank(one) - rank(other) || one.localeCompare(other))[0] ?? null;
}

const codes: Record<string, TextCode> = {
  name: 'window.problem.name',
  url: 'window.problem.url',
  body: 'window.problem.body',
  credentialHeader: 'window.problem.header-name',
  timeoutMs: 'window.problem.timeout',
  caFile: 'window.problem.path',
  proxy: 'window.problem.proxy',
};

function locate(path: PropertyKey[], draft: EnvironmentDraft, filled: HeaderDraft[]): [field: string, code: TextCode] {
  const [first, second, third] = path.map(String);
  if (first === 'reply')
    return [second ?? 'token', second === 'token' ? 'window.problem.token' : 'window.problem.reply'];
  if (first === 'signIn') return [second ?? 'issuer', 'window.problem.sign-in'];
  if (first === 'timeoutMs') return ['timeout', 'window.problem.timeout'];
  if (first !== 'headers') return [first ?? 'url', codes[first ?? ''] ?? 'window.problem.url'];
  const row = filled[Number(second)];
  if (!row) return ['headers', 'window.problem.headers'];
  const part = third === 'value' ? 'value' : 'name';
  return [`headers.${draft.headers.indexOf(row)}.${part}`, `window.problem.header-${part}`];
}

/** Milliseconds; NaN, which the schema refuses, when it is no plain number. */
const readSeconds = (typed: string) =>
  /^\d+(\.\d+)?$/.test(typed.trim()) ? Math.round(Number(typed) * 1000) : Number.NaN;

const isTaken = (name: string, otherNames: string[]) => {
  const parsed = environmentName.safeParse(name);
  return parsed.success && otherNames.some((other) => other.toLowerCase() === parsed.data.toLowerCase());
};

const loopbackHosts = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

function urlProblem(url: string): TextCode | undefined {
  if (url === '') return 'window.problem.url-missing';
  if (!URL.canParse(url)) return 'window.problem.url';
  const { protocol, username, password, hostname } = new URL(url);
  if (username || password) return 'window.problem.url-user';
  if (protocol === 'https:') return undefined;
  if (protocol !== 'http:') return 'window.problem.url';
  return loopbackHosts.test(hostname) ? undefined : 'window.problem.url-https';
}

/** An issuer is an address without a query or a fragment (OpenID Connect Discovery 1.0, section 3). */
function issuerProblem(issuer: string): TextCode | undefined {
  if (issuer === '') return 'window.problem.issuer-missing';
  if (/[?#]/.test(issuer)) return 'window.problem.issuer';
  const problem = urlProblem(issuer);
  return problem === 'window.problem.url-https' ? problem : problem && 'window.problem.issuer';
}

const isProxy = (proxy: string) => URL.canParse(proxy) && /^https?:$/.test(new URL(proxy).protocol);
