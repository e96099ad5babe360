import { describe, expect, test, vi } from 'vitest';
import { embeddedEngines, type EngineSupply } from '../../../src/main/audio/engineSupply.js';
import { shareSupply } from '../../../src/main/audio/sharedSupply.js';

describe('a supply of engines that is shared', () => {
  const open = () => {
    const follow = vi.fn<EngineSupply['follow']>();
    const take = shareSupply({ ...embeddedEngines(), follow });
    return { follow, live: take(), comparison: take() };
  };

  test('is ready for whoever sounds, and rests when nobody does', () => {
    const { follow, live, comparison } = open();
    live.follow({ wished: 'aic', isSounding: false });
    comparison.follow({ wished: 'aic', isSounding: true });
    expect(follow).toHaveBeenLastCalledWith({ wished: 'aic', isSounding: true });
    comparison.follow({ wished: 'bypass', isSounding: false });
    expect(follow).toHaveBeenLastCalledWith({ wished: 'aic', isSounding: false });
  });

  test('frees nothing that the live voice sounds with when another is done', () => {
    const { follow, live, comparison } = open();
    live.follow({ wished: 'aic', isSounding: true });
    comparison.follow({ wished: 'aic', isSounding: true });
    comparison.follow({ wished: 'bypass', isSounding: false });
    expect(follow).toHaveBeenLastCalledWith({ wished: 'aic', isSounding: true });
    live.follow({ wished: 'gtcrn', isSounding: true });
    expect(follow).toHaveBeenLastCalledWith({ wished: 'gtcrn', isSounding: true });
  });

  test('passes the rest on', () => {
    const { live } = open();
    expect(live.choose('gtcrn').choice).toEqual({ engine: 'gtcrn' });
  });
});
