import { expect, test } from 'vitest';
import { includeFaults } from '../../scripts/lint-native.mjs';

test.each([
  ['core/ring.h', '#include <unistd.h>'],
  ['core/ring.h', '#include <sys/mman.h>'],
  ['core/ring.h', '  # include <windows.h>'],
  ['core/ring.h', '#include <napi.h>'],
  ['core/pipeline.cpp', '#include "engines/gtcrn_engine.h"'],
  ['core/pipeline.cpp', '#include "loop/streams.h"'],
  ['core/pipeline.cpp', '#include <portaudio.h>'],
  ['loop/streams.cpp', '#include <napi.h>'],
  ['engines/gtcrn_engine.cpp', '#include <uv.h>'],
  ['files/wav_reader.cpp', '#include <node_api.h>'],
])('%s may not say %s', (file, line) => {
  expect(includeFaults(file, `#pragma once\n${line}\n`)).toEqual([expect.stringContaining(`native/src/${file}:2: `)]);
});

test.each([
  ['core/ring.h', '#include <atomic>'],
  ['core/ring.h', '#include <xmmintrin.h>'],
  ['core/pipeline.cpp', '#include "core/engine.h"'],
  ['core/pipeline.cpp', '// #include <unistd.h>'],
  ['loop/streams.cpp', '#include <portaudio.h>'],
  ['addon/addon.cpp', '#include <napi.h>'],
])('%s may say %s', (file, line) => {
  expect(includeFaults(file, line)).toEqual([]);
});
