import type { EngineId } from '../../shared/state.js';
import type { EngineSupply } from './engineSupply.js';

interface Target {
  wished: EngineId;
  isSounding: boolean;
}

/**
 * Gives each caller a supply of its own in front of the one there is: what one of them still sounds with is not freed because
 * another one is done. What is asked of the licensed engine goes before what is asked of the others, which are always there.
 */
export function shareSupply(supply: EngineSupply): () => EngineSupply {
  const targets = new Map<object, Target>();
  const follow = (): void => {
    const all = [...targets.values()];
    const first = all.find(({ wished }) => wished === 'aic') ?? all.find(({ isSounding }) => isSounding) ?? all[0];
    if (!first) return;
    const isSounding = all.some((each) => each.isSounding && each.wished === first.wished);
    supply.follow({ wished: first.wished, isSounding });
  };
  return () => {
    const caller = {};
    return {
      follow(target) {
        targets.set(caller, target);
        follow();
      },
      ready: () => supply.ready(),
      choose: (engine) => supply.choose(engine),
      failed: (error) => supply.failed(error),
      answered: (vendorCode) => supply.answered(vendorCode),
      onChange: (listener) => supply.onChange(listener),
    };
  };
}
