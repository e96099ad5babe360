/** Introduction and help, as people read it. A label of the window is a `message`; its `hint` is the line of help, or empty. */
const label = (message: string, hint = '') => ({ message, hint });

export const welcome = {
  'window.view.help': label('Help'),
  'window.help.title': label('Limpid: Help'),
  'window.view.welcome': label('Introduction'),
  'window.welcome.title': label('Limpid: Introduction'),

  'window.mishap.count': label('Errors so far: {count}.'),
  'window.problem.backend': label('Open Backend'),
  'window.mishap.diagnostics': label('Open Diagnostics'),

  'window.welcome': label(
    'Welcome to Limpid',
    'Three short steps to a clean voice. You can skip them, and find them again under Help.',
  ),
  'window.welcome.steps': label('Steps of the introduction'),
  'window.welcome.step': label('Step {step} of {steps}'),
  'window.welcome.done': label('Done'),
  'window.welcome.back': label('Back'),
  'window.welcome.next': label('Next'),
  'window.welcome.skip': label('Skip the introduction'),
  'window.welcome.close': label('Close the introduction'),
  'window.welcome.finish': label('Finish'),

  'window.welcome.microphone': label(
    'Pick your microphone',
    'Speak as you usually do, and see whether the bar moves. You hear nothing yet.',
  ),
  'window.welcome.microphone.denied': label(
    'Limpid may not use the microphone yet. You can go on meanwhile and allow it later.',
  ),
  'window.welcome.microphone.short': label('Microphone'),
  'window.welcome.level': label('Level of the microphone'),
  'window.welcome.level.spoken': label('{level} decibels'),
  'window.welcome.ask-permission': label(
    'Your system may ask whether Limpid may use the microphone. Answer yes: without it there is nothing to clean.',
  ),
  'window.welcome.hearing.waiting': label('Opening the microphone…'),
  'window.welcome.hearing.silent': label(
    'Nothing comes from this microphone, not even noise.',
    'It may be muted by a key, a switch on its cable, or in the settings of the system. Or pick another one.',
  ),
  'window.welcome.hearing.quiet': label(
    'Limpid hears the room, but no voice yet.',
    'Say something. If the bar hardly moves, come closer, raise the input volume of the system, or pick another microphone.',
  ),
  'window.welcome.hearing.good': label('Limpid hears you well.', 'Go on with the next step.'),
  'window.welcome.hearing.loud': label(
    'That is too loud: the microphone distorts.',
    'Step back a little, or lower the input volume of the system.',
  ),

  'window.welcome.hearing.again': label('Limpid tries again by itself.'),

  'window.welcome.hear': label(
    'Hear the difference',
    'Record ten seconds of your voice, and switch between before and after.',
  ),
  'window.welcome.hear.short': label('Before and after'),
  'window.welcome.output': label('Choose where the live voice goes'),
  'window.welcome.output.later': label('You can compare before you choose; the live voice plays nowhere until you do.'),
  'window.welcome.output.headphones': label('Headphones are best: a loudspeaker beside the microphone can howl.'),
  'window.welcome.output.virtual-linux': label(
    'To use the clean voice in a meeting or a recorder, choose the Limpid microphone here, and pick it as the microphone there.',
  ),
  'window.welcome.output.virtual-cable': label(
    'To use the clean voice in a meeting or a recorder, install a virtual cable, choose it here, and pick its other end as the microphone there.',
  ),

  'window.welcome.engine': label(
    'Choose your engine',
    'Both work on this computer: your voice is never sent anywhere. You can change this at any time.',
  ),
  'window.welcome.engine.short': label('Choice of engine'),
  'window.welcome.embedded': label('Stay with the built-in engine', 'Ready now. Needs no account and no network.'),
  'window.welcome.embedded.does': label('Removes noise: fans, traffic, keys, hum.'),
  'window.welcome.embedded.not-voices': label('Does not remove the voices of other people.'),
  'window.welcome.embedded.not-echo': label('Does not remove echo or the sound of a large room.'),
  'window.welcome.backend': label(
    'Connect the ai-coustics engine',
    'For those whose organisation has a licence. Limpid fetches short-lived tokens and renews them while you speak.',
  ),
  'window.welcome.backend.address': label('The address of your organisation’s token backend, and a credential for it.'),
  'window.welcome.backend.files': label('The library and a model of ai-coustics on this computer.'),
  'window.welcome.backend.open': label('Set up the backend'),
  'window.welcome.backend.ready': label('A backend is set up already: {name}.'),
  'window.welcome.backend.change': label('Look at the backend'),
  'window.welcome.needs': label('What you need:'),

  'window.help.purpose': label('This page needs no network.'),
  'window.help.introduction': label(
    'Introduction',
    'Pick a microphone, hear the difference, choose an engine: the three steps from the start.',
  ),
  'window.help.introduction.open': label('Open the introduction'),
  'window.help.keys': label(
    'Keyboard',
    'Tab goes from control to control; Enter or Space presses the one that has the focus.',
  ),
  'window.key.x': label('X'),
  'window.shortcut.version': label('In a player that has the focus: hear the other version'),
  'window.help.keys.off': label('Single keys are switched off in the settings.'),
  'window.help.keys.settings': label('Settings of single keys'),
  'window.help.tips': label('Tips'),
  'window.help.tips.double': label(
    'Switch off the noise suppression of your meeting program',
    'Two of them in a row eat into the voice. Look for “noise suppression”, “noise cancellation” or “original sound” in its audio settings.',
  ),
  'window.help.tips.distance': label(
    'Stay a hand’s width from the microphone',
    'What is loud at the microphone needs little cleaning. No engine brings back a voice that drowned.',
  ),
  'window.help.tips.headphones': label(
    'Listen with headphones',
    'A loudspeaker beside the microphone can howl; Limpid mutes its output when it hears that.',
  ),
  'window.help.apps': label('The clean voice in other programs'),
  'window.help.apps.linux': label(
    'Choose “Limpid microphone” as the output. In the other program pick “Limpid microphone” as the microphone. It is there while Limpid runs.',
  ),
  'window.help.apps.darwin': label(
    'Install a virtual cable such as BlackHole and choose it as the output. In the other program pick the same cable as the microphone.',
  ),
  'window.help.apps.win32': label(
    'Install a virtual cable such as VB-Cable. Choose “CABLE Input” as the output, and in the other program “CABLE Output” as the microphone.',
  ),
  'window.help.apps.how': label('How to install a virtual cable'),
  'window.help.places': label('Where things are'),
  'window.help.places.recordings': label('Recordings'),
  'window.help.places.settings': label('Settings'),
  'window.help.places.log': label('Log of Limpid’s own errors'),
  'window.help.places.other': label(
    'LIMPID_CONFIG or “--config” at the start names another settings file. Tokens are never written to a file.',
  ),
  'window.help.report': label(
    'When something is wrong',
    'Diagnostics checks this computer step by step and says how to put things right. It also saves a support bundle, without secrets, that you can send to whoever looks after Limpid for you.',
  ),
  'window.help.report.open': label('Open Diagnostics'),
  'window.help.version': label('Limpid {version} on {platform}'),
};
