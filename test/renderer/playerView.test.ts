import { describe, expect, test } from 'vitest';
import {
  describeHead,
  describeOutput,
  formatPosition,
  groupPeaks,
  isSameSound,
  monitorOptions,
  otherVersion,
  seekByKey,
  seekByPlace,
} from '../../src/renderer/src/view/playerView.js';
import { aDevice, idleState } from '../fakes/appState.js';

const headphones = aDevice({ id: 'pulse:headphones', name: 'Headphones', outputs: 2 });
const monitor = { chosen: null, chosenName: 'Headphones', present: true, devices: [headphones] };

describe('the play head', () => {
  test.each([
    [0, '0:00'],
    [9.99, '0:09'],
    [61, '1:01'],
    [3725, '1:02:05'],
    [-1, '0:00'],
  ])('at %d s reads %s', (seconds, words) => expect(formatPosition(seconds)).toBe(words));

  test('is told in words', () => expect(describeHead(3.4, 10.05)).toBe('0:03 of 0:10'));

  test.each([
    ['ArrowLeft', 4],
    ['ArrowDown', 4],
    ['ArrowRight', 6],
    ['ArrowUp', 6],
    ['PageDown', 0],
    ['PageUp', 10],
    ['Home', 0],
    ['End', 10.5],
    ['x', null],
  ])('moves by %s from 5 s to %s', (key, seconds) => expect(seekByKey(key, 5, 10.5)).toBe(seconds));

  test('stays within the sound', () => {
    expect(seekByKey('PageUp', 9, 10)).toBe(10);
    expect(seekByKey('ArrowLeft', 0.2, 10)).toBe(0);
    expect([-5, 50, 100, 150].map((place) => seekByPlace(place, 100, 10))).toEqual([0, 5, 10, 10]);
    expect(seekByPlace(5, 0, 10)).toBe(0);
  });
});

describe('the picture', () => {
  test('loses no peak where it is narrow', () => {
    expect(groupPeaks([0.1, 0.9, 0.2, 0.3, 0.4], 2)).toEqual([0.9, 0.4]);
    expect(groupPeaks([0.1, 0.9], 50)).toEqual([0.1, 0.9]);
    expect(groupPeaks([], 50)).toEqual([0]);
    const peaks = Array.from({ length: 500 }, (_, index) => index / 500);
    for (const bars of [1, 7, 160, 499]) expect(Math.max(...groupPeaks(peaks, bars))).toBe(499 / 500);
  });
});

describe('the sound that is open', () => {
  test('is known by its kind and its file', () => {
    expect(isSameSound({ kind: 'comparison' }, { kind: 'comparison' })).toBe(true);
    expect(isSameSound({ kind: 'comparison' }, undefined)).toBe(false);
    expect(isSameSound({ kind: 'file', id: '1' }, { kind: 'file', id: '1' })).toBe(true);
    expect(isSameSound({ kind: 'file', id: '1' }, { kind: 'file', id: '2' })).toBe(false);
    expect(isSameSound({ kind: 'file', id: '1' }, { kind: 'comparison' })).toBe(false);
  });

  test('has two versions', () =>
    expect([otherVersion('original'), otherVersion('enhanced')]).toEqual(['enhanced', 'original']));
});

describe('the output of sounds', () => {
  test('is automatic unless one was chosen, and says which that is', () => {
    const { leading, groups, selected } = monitorOptions({ monitor });
    expect(leading).toEqual([{ value: 'auto', label: 'Automatic: Headphones' }]);
    expect(groups[0]?.options).toEqual([{ value: headphones.id, label: 'Headphones' }]);
    expect(selected).toBe('auto');
  });

  test('that is away keeps its place', () => {
    const away = { ...monitor, chosen: 'pulse:gone', chosenName: 'Speakers', present: false };
    const { leading, selected } = monitorOptions({ monitor: away });
    expect(selected).toBe('pulse:gone');
    expect(leading.at(-1)).toMatchObject({ value: 'pulse:gone', label: expect.stringContaining('Speakers') });
    expect(describeOutput({ player: null, monitor: away })).toBe('This recording plays on: no output');
  });

  test('is that of the player while it is open', () => {
    expect(describeOutput({ player: null, monitor })).toBe('This recording plays on: Headphones');
    const player = {
      source: { kind: 'comparison' as const },
      durationSeconds: 1,
      playing: true,
      heard: 'original' as const,
      positionSeconds: 0,
      outputName: 'Speakers',
      problem: null,
    };
    expect(describeOutput({ player, monitor })).toBe('This recording plays on: Speakers');
    expect(describeOutput({ player: { ...player, outputName: null }, monitor: idleState.monitor })).toBe(
      'This recording plays on: no output',
    );
  });
});
