import { expect, test } from 'vitest';
import { keepAnswering } from '../../src/cli/liveQuestions.js';
import { Enhancer } from '../../src/main/audio/enhancer.js';
import { aDevice } from '../fakes/appState.js';
import { FakeCatalog, wishesFor } from '../fakes/devices.js';
import { FakeLoop } from '../fakes/loop.js';

const microphone = aDevice({ id: 'pulse:mic', inputs: 1, isDefaultInput: true });
const builtIn = aDevice({ id: 'pulse:laptop.mic', inputs: 1, isDefaultInput: true, kind: 'built-in' });
const speakers = aDevice({ id: 'pulse:laptop.out', outputs: 2, kind: 'built-in' });

/** Runs with a microphone on the desk; unplugging it leaves the one beside the loudspeakers. */
async function startBesideSpeakers(): Promise<{ enhancer: Enhancer; unplug(): void }> {
  const catalog = new FakeCatalog([microphone, speakers]);
  const enhancer = new Enhancer({
    loop: new FakeLoop(),
    catalog,
    virtualMicrophone: { isActive: false, create: async () => '', remove: async () => undefined },
    microphone: { status: () => 'not-needed', request: async () => 'not-needed' },
    wishes: wishesFor(speakers),
    remember: async () => undefined,
  });
  await enhancer.start();
  return { enhancer, unplug: () => catalog.become([builtIn, speakers]) };
}

test('a question in the middle of a run ends it where nobody can be asked', async () => {
  const { enhancer, unplug } = await startBesideSpeakers();
  const answering = keepAnswering(enhancer, null);
  unplug();
  await expect(answering).rejects.toMatchObject({
    code: 'live.speakers-unconfirmed',
    params: { input: builtIn.name, output: speakers.name },
  });
  await enhancer.dispose();
});

test('a yes in the middle of a run lets it go on, a no ends it', async () => {
  const { enhancer, unplug } = await startBesideSpeakers();
  const resumed = new Promise<void>((resolve) => {
    enhancer.onState(({ phase, input }) => phase === 'running' && input.chosenName === builtIn.name && resolve());
  });
  void keepAnswering(enhancer, async () => true);
  unplug();
  await resumed;
  await enhancer.dispose();

  const other = await startBesideSpeakers();
  const answering = keepAnswering(other.enhancer, async () => false);
  other.unplug();
  await expect(answering).rejects.toMatchObject({ code: 'cancelled' });
  await other.enhancer.dispose();
});
