/** What happens to the token while it is kept fresh, as people read it. `{wait}`, `{life}`, `{pause}`: a length of time. */
export const tokens = {
  'token.fetched': { message: 'A new token arrived, good for {life}.', hint: 'Nothing to do.' },
  'token.unchanged': {
    message: 'The backend sent the same token again, good for {life} more.',
    hint: 'If this happens often, ask whoever runs the backend to make new tokens earlier.',
  },
  'token.applied': { message: 'The engine took the new token.', hint: 'Nothing to do.' },
  'token.asked': { message: 'You asked for a new token.', hint: 'Nothing to do.' },
  'token.failed': {
    message: 'No new token: {reason}.',
    hint: 'Limpid tries again by itself; the token card says what you can do.',
  },
  'token.failed-again': {
    message: 'No new token in {times} tries: {reason}.',
    hint: 'Limpid tries again by itself; the token card says what you can do.',
  },
  'token.retry-planned': {
    message: 'The next try is in {wait}.',
    hint: 'Press “Refresh now” if you do not want to wait.',
  },
  'token.recovered': { message: 'The backend hands out tokens again.', hint: 'Nothing to do.' },
  'token.expired': {
    message: 'The token is out of date and no new one has come.',
    hint: 'Your voice goes on without the licensed engine until the backend answers.',
  },
  'token.engine-refused': {
    message: 'The engine did not take the new token: {reason}.',
    hint: 'The engine keeps the token it has, and Limpid fetches another.',
  },
  'token.engine-replaced': {
    message: 'The engine could not take the new token in place and was replaced once.',
    hint: 'Nothing to do: your voice went on.',
  },
  'token.engine-failed': {
    message: 'The engine could not be given the new token: {reason}.',
    hint: 'If your voice stays without the licensed engine, switch Limpid off and on again.',
  },
  'token.engine-slow': {
    message: 'The engine has not answered to the new token for {wait}.',
    hint: 'If your voice stays without the licensed engine, switch Limpid off and on again.',
  },
  'token.engine-blocked': {
    message: 'The engine stopped: {reason}.',
    hint: 'Limpid fetches new tokens until it works again; your voice goes on without it.',
  },
  'token.engine-expired': {
    message: 'The engine calls the token out of date.',
    hint: 'Limpid fetches a new one at once.',
  },
  'token.engine-works': { message: 'The licensed engine works again.', hint: 'Nothing to do.' },
  'token.clock-wrong-ahead': {
    message:
      'The engine calls even fresh tokens out of date; the backend’s clock is {difference} ahead of this computer’s.',
    hint: 'Set this computer’s date and time automatically; if they are right, tell whoever runs the backend.',
  },
  'token.clock-wrong-behind': {
    message:
      'The engine calls even fresh tokens out of date; the backend’s clock is {difference} behind this computer’s.',
    hint: 'Set this computer’s date and time automatically; if they are right, tell whoever runs the backend.',
  },
  'token.clock-unclear': {
    message: 'The engine calls even fresh tokens out of date.',
    hint: 'Check this computer’s date and time; if they are right, tell whoever runs the backend.',
  },
  'token.clock-suspect': {
    message: 'By this computer’s clock the new token is already out of date.',
    hint: 'Check this computer’s date and time; Limpid uses the token for as long as it was made for.',
  },
  'token.outdated': {
    message: 'The backend sent a token that was already out of date.',
    hint: 'Check this computer’s date and time; if they are right, tell whoever runs the backend.',
  },
  'token.fetch-hung': {
    message: 'The request for a token did not end in {wait} and was given up.',
    hint: 'Check the network; Limpid tries again by itself.',
  },
  'token.cancelled': {
    message: 'The request for a token was called off.',
    hint: 'Ask again when the backend is configured.',
  },
  'token.woke': {
    message: 'The computer slept, or its clock was put forward, for {pause}.',
    hint: 'Nothing to do: Limpid looks after the token at once.',
  },
  'token.clock-put-back': {
    message: 'This computer’s clock was put back by {pause}.',
    hint: 'Nothing to do: Limpid counts the token’s time on its own.',
  },
  'token.configuration-changed': {
    message: 'The backend’s configuration changed; tokens now come from “{environment}”.',
    hint: 'Nothing to do: Limpid fetches a token at once.',
  },
  'token.configuration-gone': {
    message: 'No backend is configured any more.',
    hint: 'Add one on the backend screen to use the licensed engine.',
  },

  'duration.seconds': { message: '{count}\u00a0s', hint: '' },
  'duration.minutes': { message: '{count}\u00a0min', hint: '' },
  'duration.hours': { message: '{count}\u00a0h', hint: '' },
  'duration.days.one': { message: '{count}\u00a0day', hint: '' },
  'duration.days.other': { message: '{count}\u00a0days', hint: '' },
} as const;
