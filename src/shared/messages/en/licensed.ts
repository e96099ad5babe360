/** The licensed engine: its library, its models and its answers, as people read them. `{name}` and `{code}` are the vendor's. */
export const licensed = {
  'status.standing-in': {
    message: 'Enhancing {input} with {engine} in place of {wished}, playing to {output}.',
    hint: 'Limpid changes back by itself.',
  },
  'status.passing-instead': {
    message: 'Passing your voice through unchanged because {wished} cannot work at the moment.',
    hint: 'Limpid changes back by itself.',
  },

  'aic.active': { message: 'The ai-coustics engine works.', hint: 'Nothing needs to be done.' },
  'aic.loading': { message: 'The ai-coustics engine is being loaded.', hint: 'This takes a moment.' },
  'aic.waiting-token': {
    message: 'The ai-coustics engine waits for its first token.',
    hint: 'Limpid fetches it by itself; see the token card if it takes long.',
  },
  'aic.no-token-because': {
    message: 'The ai-coustics engine has no token yet. {reason}',
    hint: 'Limpid keeps trying; see the token card and the Backend screen.',
  },
  'aic.not-allowed': {
    message: 'ai-coustics does not allow enhancement with this licence at the moment.',
    hint: 'Limpid keeps asking for a new token. Ask whoever runs your backend whether the licence was revoked ({name},\u00a0{code}).',
  },
  'aic.expired': {
    message: 'The token of the ai-coustics engine has expired.',
    hint: 'Limpid fetches a new one at once. If this comes back, check the clock of this computer ({name},\u00a0{code}).',
  },
  'aic.expired-because': {
    message: 'The token of the ai-coustics engine has expired, and no new one came. {reason}',
    hint: 'Run the checks on the Diagnostics screen to see why.',
  },
  'aic.token-invalid': {
    message: 'The ai-coustics engine does not take what the backend hands out for a token.',
    hint: 'Ask whoever runs your backend whether it mints tokens for the ai-coustics SDK ({name},\u00a0{code}).',
  },
  'aic.token-version': {
    message: 'This version of the ai-coustics library does not take this kind of token.',
    hint: 'Install the current library with “limpid sdk install” ({name},\u00a0{code}).',
  },
  'aic.token-unsupported': {
    message: 'The ai-coustics engine could not swap its token in place, so it was started again.',
    hint: 'Nothing needs to be done. If this comes back, let the backend hand out tokens and no licence keys ({name},\u00a0{code}).',
  },
  'aic.engine-problem': {
    message: 'The ai-coustics engine refused the sound.',
    hint: 'Switch Limpid off and on. If this comes back, install the current library with “limpid sdk install” ({name},\u00a0{code}).',
  },
  'aic.model-invalid': {
    message: 'The ai-coustics model is damaged or no model.',
    hint: 'Install it again with “limpid models install” ({name},\u00a0{code}).',
  },
  'aic.model-version': {
    message: 'The ai-coustics model is made for another version of the library.',
    hint: 'Install the fitting one with “limpid models install” ({name},\u00a0{code}).',
  },
  'aic.model-path': {
    message: 'The ai-coustics library cannot use the path of the model.',
    hint: 'Check the path of the model on the Backend screen, or install the model with “limpid models install” ({name},\u00a0{code}).',
  },
  'aic.model-unreadable': {
    message: 'The ai-coustics model could not be read.',
    hint: 'Check that you may read the file, or install it again with “limpid models install” ({name},\u00a0{code}).',
  },
  'aic.model-type': {
    message: 'This ai-coustics model is not of the kind that is needed here.',
    hint: 'Choose a model that enhances a voice; a model that detects speech goes into its own field ({name},\u00a0{code}).',
  },
  'aic.no-model': {
    message: 'No ai-coustics model is installed.',
    hint: 'See what there is with “limpid models list”, then install one with “limpid models install”.',
  },
  'aic.model-missing': {
    message: 'There is no ai-coustics model at {detail}.',
    hint: 'Correct the path, or install a model with “limpid models install”.',
  },
  'licensed.path-not-absolute': {
    message: 'The path {path} is not a full one.',
    hint: 'Give the path from the root of the disk on.',
  },
  'licensed.path-on-server': {
    message: 'The path {path} leads to another computer.',
    hint: 'Copy the file to a disk of this computer, and give its path there.',
  },
  'aic.library-missing': {
    message: 'The ai-coustics library was not found: {detail}.',
    hint: 'Enter its path on the Backend screen, or install it with Limpid’s command line: “limpid sdk install”.',
  },
  'aic.library-unloadable': {
    message: 'The ai-coustics library cannot be opened on this computer: {detail}.',
    hint: 'Install the one for this system and processor with “limpid sdk install”.',
  },
  'aic.library-too-old': {
    message: 'The ai-coustics library is too old: {detail}. Limpid needs 0.22 or later.',
    hint: 'Install the current one with “limpid sdk install”.',
  },
  'aic.library-incomplete': {
    message: 'The ai-coustics library lacks something that Limpid needs: {detail}.',
    hint: 'Install the current one with “limpid sdk install”.',
  },
  'aic.no-token': {
    message: 'The ai-coustics engine has no token yet.',
    hint: 'Set up a backend on the Backend screen, or set LIMPID_BACKEND_URL and LIMPID_BACKEND_CREDENTIAL.',
  },
  'aic.vendor': {
    message: 'The ai-coustics library answered with code {detail}.',
    hint: 'Install the current library with “limpid sdk install” and try again.',
  },
  'aic.closed': { message: 'The ai-coustics engine was closed.', hint: 'Switch Limpid off and on.' },
} as const;
