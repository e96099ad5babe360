import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

/** Names of the switches that are on in a program of Electron, in their order. */
export async function fusesThatAreOn(program: string): Promise<string[]> {
  const { version: _version, ...wire } = await getCurrentFuseWire(program);
  return Object.entries(wire).flatMap(([fuse, state]) =>
    state === FuseState.ENABLE ? (FuseV1Options[Number(fuse)] ?? []) : [],
  );
}
