import { backend } from './backend.js';
import { cli } from './cli.js';
import { credentials } from './credentials.js';
import { demo } from './demo.js';
import { diagnostics } from './diagnostics.js';
import { downloads } from './downloads.js';
import { files } from './files.js';
import { hosts } from './hosts.js';
import { licensed } from './licensed.js';
import { live } from './live.js';
import { recording } from './recording.js';
import { server } from './server.js';
import { tokens } from './tokens.js';
import { listening } from './listening.js';
import { queue } from './queue.js';
import { field } from './field.js';
import { welcome } from './welcome.js';
import { signIn } from './signIn.js';
import { desktop } from './desktop.js';
import { window } from './window.js';

/** The areas of the English catalogue. No code stands in two of them (a test checks it). */
export const areas = {
  backend,
  cli,
  credentials,
  demo,
  diagnostics,
  downloads,
  files,
  hosts,
  licensed,
  live,
  recording,
  server,
  tokens,
  listening,
  queue,
  field,
  welcome,
  signIn,
  desktop,
  window,
};
