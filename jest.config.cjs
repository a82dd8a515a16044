/** ESM-only packages that Jest has to compile, because its own loader has no require() of ES modules. */
const esmOnly = ['typebox', 'jose', 'uuid'];

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: [
    'domain',
    'connectors',
    'store',
    'activities',
    'workflows',
    'temporal',
    'api',
    'web',
    'prisma',
    'simulators',
    'test',
  ]
    .filter((folder) => require('node:fs').existsSync(`${__dirname}/${folder}`))
    .map((folder) => `<rootDir>/${folder}`),
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  moduleFileExtensions: ['ts', 'tsx', 'js', 'mjs', 'cjs', 'json', 'node'],
  transform: {
    '\\.m?[jt]sx?$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          target: 'es2022',
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`, '<rootDir>/dist/'],
  maxWorkers: 2,
  // A bound for what hangs, not for what a busy machine keeps waiting: beside other work, what a browser test starts (database,
  // Temporal, workers, API, Chromium) has taken more than two minutes.
  testTimeout: 300_000,
};
