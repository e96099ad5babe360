import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { backendEnvironment, environmentName } from '../../shared/backend.js';
import { accelerator } from '../../shared/desktop.js';
import { fileOptions } from '../../shared/files.js';
import { preferences } from '../../shared/preferences.js';
import { engineId, fallbackId, licensedChoice } from '../../shared/state.js';
import { maxEnvironments } from './backendField.js';

const environment = backendEnvironment.shape;
/** Descriptions are for the schema that administrators read (docs/policy.schema.json). */
export const environmentPolicy = z.object({
  name: environmentName.describe('Name of the environment, as people see it.'),
  url: environment.url
    .describe(
      'Address of the token backend: https, or http on this computer; without name and password. Fixing it fixes `proxy` and `caFile` too, with their usual values where the file does not have them. Empty: there is no backend.',
    )
    .meta({ examples: ['https://tokens.example.com/v1/tokens/ai-coustics'] }),
  method: environment.method.describe('Method of the request.'),
  headers: environment.headers.describe('Headers that are sent besides; never a secret, as users can read this file.'),
  body: environment.body.describe('Body of a POST, sent as it is.'),
  credentialKind: environment.credentialKind.describe(
    'How the credential travels; `sign-in`: the access token of the person who signed in at `signIn.issuer`.',
  ),
  credentialHeader: environment.credentialHeader.describe('Header for `credentialKind` `header`.'),
  reply: environment.reply.describe(
    'Where token and expiry sit in the JSON reply: names and indices, with dots between.',
  ),
  signIn: environment.signIn.describe(
    'OpenID Connect provider and public client for `credentialKind` `sign-in`. Fixing it fixes `proxy` and `caFile` too.',
  ),
  timeoutMs: environment.timeoutMs.describe('Longest time for one request, in milliseconds.'),
  caFile: environment.caFile.describe(
    'Full path of a file with certificates (PEM) that are trusted besides the usual ones; null: none.',
  ),
  proxy: environment.proxy.describe(
    '`http://host:port` or `https://host:port`; null: what HTTPS_PROXY and NO_PROXY say, else what the system says.',
  ),
});

const backendPolicy = z.object({
  active: environmentName.describe('Name of the environment in use.').optional(),
  mayAddEnvironments: z
    .boolean()
    .describe('False: no other environments than these, or, when there are none here, than those the user already has.')
    .default(true),
  environments: z
    .array(environmentPolicy)
    .max(maxEnvironments)
    .describe('Environments that are fixed, with those of their fields that are.')
    .default([]),
});

const path = z.string().max(4000).refine(isAbsolute, 'not a full path').nullable();
export const licensedPolicy = z
  .object({
    libraryPath: path.describe(
      'Full path of the library of the licensed engine, or of its folder; null: the installed one.',
    ),
    modelPath: path.describe('Full path of the model of the licensed engine; null: the installed one.'),
    vadModelPath: path.describe('Full path of the speech detector of the licensed engine; null: the installed one.'),
    otel: licensedChoice.shape.otel.describe(
      'Usage metrics of the licensed engine to an OpenTelemetry collector; null: AIC_SDK_OTEL_ENABLE decides.',
    ),
  })
  .partial();

/** New values for some of the licensed engine's parts; what is absent or undefined stays. */
export type LicensedChanges = z.infer<typeof licensedPolicy>;

const deviceWish = z.string().trim().min(1).max(512);
const files = fileOptions.shape;
const { shape } = preferences;
const key = accelerator.nullable().default(null);

export const settingsPolicy = z
  .object({
    language: shape.language.describe('Language of windows, tray and messages.'),
    theme: shape.theme.describe('Light or dark.'),
    startsAtLaunch: shape.startsAtLaunch.describe('Whether the sound is switched on when Limpid starts.'),
    singleKeyShortcuts: shape.singleKeyShortcuts.describe('Whether keys work alone, while no field has the focus.'),
    startsAtLogin: shape.startsAtLogin.describe('Whether Limpid starts when the user logs in.'),
    staysInTray: shape.staysInTray.describe('Whether closing the window leaves Limpid running behind its icon.'),
    notifies: shape.notifies.describe(
      'Whether the system shows a message when the state changes while no window is seen.',
    ),
    globalShortcuts: z
      .object({ toggle: key, bypass: key, show: key })
      .describe('Keys of the whole system; null: none.')
      .meta({ examples: [{ toggle: 'CommandOrControl+Shift+L' }] }),
    looksForUpdates: shape.looksForUpdates.describe(
      'Whether new versions are looked for by themselves. `updates.enabled` forbids them altogether.',
    ),
    vendorErrorReports: shape.vendorErrorReports.describe(
      'Whether the licensed engine may report its errors to its vendor.',
    ),
    engine: engineId.describe('Engine: `gtcrn` is built in, `aic` is the licensed one, `bypass` changes nothing.'),
    level: z.number().min(0).max(1).describe('Strength, 0 to 1.'),
    input: deviceWish.describe(
      'Microphone: `default` (follow the system), or the id or the name of a device, or a part of the name that fits one only.',
    ),
    output: deviceWish.describe(
      'Where the enhanced voice goes: `virtual` (the Limpid microphone, Linux), `default`, or the id, the name or a part of the name of a device.',
    ),
    monitor: deviceWish
      .nullable()
      .describe(
        'Where recordings are played: as `output`, without `virtual`; null: where the enhanced voice is heard.',
      ),
    periodFrames: z.number().int().min(32).max(4096).describe('Frames that are handled at a time.'),
    files: z
      .object({
        folder: files.folder
          .refine((folder) => folder === null || isAbsolute(folder), 'not a full path')
          .describe('Full path of the folder for enhanced files; null: beside the original.'),
        pattern: files.pattern.describe(
          'Name of an enhanced file without its ending: `{name}`, `{engine}`, `{date}`, `{time}` and any text.',
        ),
      })
      .partial()
      .describe('How enhanced files are named and where they go.'),
    welcomed: z.literal(true).describe('True skips the introduction.'),
  })
  .partial();

const updatesPolicy = z
  .object({
    enabled: z.boolean().describe('False: new versions are neither looked for nor downloaded nor installed by Limpid.'),
    channel: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,29}$/)
      .describe('Channel that new versions come from.')
      .meta({ examples: ['latest', 'beta'] }),
    feedUrl: z
      .string()
      .max(2000)
      .refine(isFeedUrl, 'not an https address, or one with a password, query or fragment')
      .describe('Server that new versions come from: https, without name, password, query and fragment.')
      .meta({ examples: ['https://updates.example.com/limpid'] }),
  })
  .partial();

export const policySchema = z.object({
  $schema: z.string().max(2000).describe('Address of the schema, for editors.').optional(),
  reason: z
    .string()
    .trim()
    .max(500)
    .describe('Shown to users beside what is fixed.')
    .meta({ examples: ['Set by the IT department, call 4711.'] })
    .default(''),
  ignoresVariables: z
    .boolean()
    .describe('True: no environment variable changes what a policy can fix, also where this file does not fix it.')
    .default(false),
  backend: backendPolicy.describe('Where tokens come from.').default({ mayAddEnvironments: true, environments: [] }),
  licensed: licensedPolicy.describe('Where the parts of the licensed engine are.').default({}),
  fallback: fallbackId
    .describe('What is heard while the licensed engine may not work: the built-in engine, or the unchanged voice.')
    .optional(),
  recordingsFolder: z
    .string()
    .max(4000)
    .refine(isAbsolute, 'not a full path')
    .describe('Full path of the folder for recordings; it may be on a server.')
    .optional(),
  settings: settingsPolicy.describe('What a user otherwise chooses in the window.').default({}),
  updates: updatesPolicy.describe('Where new versions of Limpid come from.').default({}),
});
export type PolicyFile = z.infer<typeof policySchema>;

function isFeedUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return protocol === 'https:' && !username && !password && !search && !hash;
}

/** The places in a policy file that its schema does not know. */
export function findUnknown(value: unknown, schema: unknown = policySchema, place = ''): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return findUnknown(value, schema.unwrap(), place);
  if (schema instanceof z.ZodArray && Array.isArray(value))
    return value.flatMap((each, index) => findUnknown(each, schema.element, `${place}${index}.`));
  if (!(schema instanceof z.ZodObject) || typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    name in schema.shape ? findUnknown(part, schema.shape[name], `${place}${name}.`) : [place + name],
  );
}
