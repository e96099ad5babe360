import { mixAtSnr } from '../../src/main/demo/mix.js';
import { makeNoise } from '../../src/main/demo/noises.js';
import { demoRate, loadVoice } from '../../src/main/demo/voices.js';
import type { VirtualSoundCard } from '../rig/soundServer.js';

const feedSink = 'desk_feed';
const talkSeconds = 30;
const snrDb = 9;
/** Of full scale: a microphone with room to spare. */
const loudest = 0.3;
const sound = ['rate=48000', 'channels=1', 'format=float32le'];

const described = (kind: 'sink' | 'source', name: string) => `${kind}_properties="device.description='${name}'"`;

/** Names as the pickers show them. */
export const deskMicrophone = 'USB Microphone';
export const deskHeadphones = 'USB Headphones';

/** A USB microphone before which somebody talks beside a fan for ever, and USB headphones, both on the virtual sound card. */
export class TalkingDesk {
  private microphoneModule = '';
  private talking = true;

  private constructor(private readonly card: VirtualSoundCard) {}

  static async set(card: VirtualSoundCard): Promise<TalkingDesk> {
    const desk = new TalkingDesk(card);
    await card.plug(feedSink);
    await card.loadModule('module-null-sink', 'sink_name=desk_phones', ...sound, described('sink', deskHeadphones));
    await desk.plugMicrophone();
    const { samples } = await loadVoice(talkSeconds);
    const { noisy } = mixAtSnr(samples, makeNoise('fan', samples.length, 7), snrDb, demoRate);
    // A listener on each sink keeps its latency low.
    for (const sink of [feedSink, 'desk_phones']) card.record(`${sink}.monitor`);
    const peak = noisy.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    void desk.talk(noisy.map((sample) => (sample * loudest) / peak));
    return desk;
  }

  async plugMicrophone(): Promise<void> {
    this.microphoneModule = await this.card.loadModule(
      'module-remap-source',
      `master=${feedSink}.monitor`,
      'source_name=desk_microphone',
      described('source', deskMicrophone),
    );
  }

  unplugMicrophone(): Promise<void> {
    return this.card.unloadModule(this.microphoneModule);
  }

  /** Lets the talk end with its last round; the card stops it at the latest. */
  fallSilent(): void {
    this.talking = false;
  }

  private async talk(noisy: Float32Array): Promise<void> {
    while (this.talking) await this.card.play(noisy, feedSink).done;
  }
}
