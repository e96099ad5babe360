# Builds build/Release/limpid.node with the PortAudio library beside it. Source files are found by listing the folders
# (at `node-gyp configure`). native/generated is written by scripts/generate-gtcrn.mjs before.
{
  'variables': {
    # PortAudio's headers and its library for every platform, as shipped by naudiodon. Relative to this file.
    'portaudio': '<!(node -p "require(\'path\').relative(\'.\', require(\'path\').join(require.resolve(\'naudiodon/package.json\'), \'../portaudio\')).split(require(\'path\').sep).join(\'/\')")',
    # SIMDe is in the compiler's own search path on Linux; elsewhere the environment may say where it is.
    'simde_include': '<!(node -p "process.env.SIMDE_INCLUDE_DIR || (process.platform === \'darwin\' ? (process.arch === \'arm64\' ? \'/opt/homebrew/include\' : \'/usr/local/include\') : \'generated\')")',
  },
  'targets': [
    {
      # The network, generated C. Contracting a multiply and an add would change its output; it is vectorised already.
      'target_name': 'gtcrn',
      'type': 'static_library',
      'sources': ['generated/gtcrn.c'],
      'include_dirs': ['src/engines/wasm_rt', 'generated', '<(simde_include)'],
      'defines': ['WASM_RT_MEMCHECK_GUARD_PAGES=1', 'WASM_RT_USE_SEGUE=0'],
      'cflags': ['-O3', '-ffp-contract=off', '-fno-math-errno', '-fno-tree-vectorize', '-fno-tree-slp-vectorize', '-fvisibility=hidden', '-w'],
      'xcode_settings': {
        'GCC_OPTIMIZATION_LEVEL': '3',
        'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
        'MACOSX_DEPLOYMENT_TARGET': '11.0',
        'OTHER_CFLAGS': ['-ffp-contract=off', '-fno-math-errno', '-fno-tree-vectorize', '-fno-tree-slp-vectorize', '-w'],
      },
      'msvs_settings': {
        'VCCLCompilerTool': {'Optimization': 2, 'FloatingPointModel': 0, 'WarningLevel': 0},
      },
    },
    {
      'target_name': 'limpid',
      'dependencies': ['gtcrn'],
      'sources': [
        '<!@(node -p "require(\'fs\').readdirSync(\'src\', { recursive: true }).filter((name) => name.endsWith(\'.cpp\')).map((name) => \'src/\' + name.split(require(\'path\').sep).join(\'/\')).sort().join(\' \')")',
      ],
      'include_dirs': [
        'src',
        'src/engines/wasm_rt',
        'generated',
        '<(portaudio)/include',
        '<!(node -p "require(\'node-addon-api\').include_dir")',
      ],
      'defines': [
        'NAPI_VERSION=8',
        'NAPI_CPP_EXCEPTIONS',
        # Electron's memory cage refuses buffers that live outside V8's heap.
        'NODE_API_NO_EXTERNAL_BUFFERS_ALLOWED',
        'WASM_RT_MEMCHECK_GUARD_PAGES=1',
      ],
      'cflags_cc!': ['-fno-exceptions', '-fno-rtti'],
      'cflags_cc': [
        '-std=c++17',
        '-O3',
        '-fexceptions',
        '-fvisibility=hidden',
        '-fvisibility-inlines-hidden',
        '-fno-math-errno',
        '-fno-trapping-math',
        '-Wall',
        '-Wextra',
      ],
      'xcode_settings': {
        'CLANG_CXX_LANGUAGE_STANDARD': 'c++17',
        'CLANG_CXX_LIBRARY': 'libc++',
        'GCC_ENABLE_CPP_EXCEPTIONS': 'YES',
        'GCC_ENABLE_CPP_RTTI': 'YES',
        'GCC_OPTIMIZATION_LEVEL': '3',
        'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
        'MACOSX_DEPLOYMENT_TARGET': '11.0',
        'OTHER_CPLUSPLUSFLAGS': ['-fno-math-errno', '-fno-trapping-math'],
      },
      'msvs_settings': {
        'VCCLCompilerTool': {
          'ExceptionHandling': 1,
          'Optimization': 2,
          'AdditionalOptions': ['/std:c++17'],
        },
      },
      'conditions': [
        ['OS=="linux"', {
          'libraries': ['<(module_root_dir)/<(portaudio)/bin/libportaudio.so.2', '-lpthread', '-ldl'],
          'ldflags': ['-Wl,-rpath,\'$$ORIGIN\'', '-Wl,-z,now', '-Wl,-Bsymbolic'],
          'copies': [{'destination': '<(PRODUCT_DIR)', 'files': ['<(portaudio)/bin/libportaudio.so.2']}],
        }],
        ['OS=="mac"', {
          'libraries': ['<(module_root_dir)/<(portaudio)/bin/libportaudio.dylib'],
          'link_settings': {'libraries': ['-Wl,-rpath,@loader_path']},
          'copies': [{'destination': '<(PRODUCT_DIR)', 'files': ['<(portaudio)/bin/libportaudio.dylib']}],
        }],
        ['OS=="win"', {
          'defines': ['_HAS_EXCEPTIONS=1', 'NOMINMAX', 'WIN32_LEAN_AND_MEAN'],
          'libraries': ['<(module_root_dir)/<(portaudio)/bin/portaudio_x64.lib'],
          'copies': [{'destination': '<(PRODUCT_DIR)', 'files': ['<(portaudio)/bin/portaudio_x64.dll']}],
        }],
      ],
    },
  ],
}
