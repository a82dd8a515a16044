import tseslint from 'typescript-eslint';

/** What the compiler does not see. Zones and cycles are in .dependency-cruiser.cjs, format is Prettier's. */
export default tseslint.config(
  { ignores: ['dist/', 'build/', 'node_modules/', 'store/generated/', '.nervio/', 'coverage/'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Named exports only (Remix routes and tool configurations excepted).',
        },
        { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that has it.' },
      ],
    },
  },
  {
    // Workflow code is replayed: what differs between two runs, or does I/O, breaks it.
    files: ['workflows/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^node:', message: 'No Node built-ins in workflow code.' }] },
      ],
      'no-restricted-globals': [
        'error',
        ...[
          'process',
          'Buffer',
          'fetch',
          'setImmediate',
          'setInterval',
          'crypto',
          'WeakRef',
          'FinalizationRegistry',
        ].map((name) => ({
          name,
          message: 'Not in workflow code: it is not the same when replayed.',
        })),
      ],
    },
  },
  {
    files: ['workflows/all.ts'],
    rules: { 'no-restricted-syntax': 'off' }, // the one list of all workflows, for the bundler
  },
  {
    // Remix finds these by their default export, and a route throws redirects and responses.
    files: ['web/root.tsx', 'web/routes.ts', 'web/routes/**', 'web/entry.*.tsx', '**/*.config.ts'],
    rules: { 'no-restricted-syntax': 'off', '@typescript-eslint/only-throw-error': 'off' },
  },
  {
    // What loaders share: they leave by throwing redirects and responses.
    files: ['web/**/*.server.ts'],
    rules: { '@typescript-eslint/only-throw-error': 'off' },
  },
);
