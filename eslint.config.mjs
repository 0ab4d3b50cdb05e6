import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'coverage', 'test/output', 'libs/platform/database/tables.ts', 'apps/console/src/api-types.ts'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: 'The time comes from Clock.' },
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'The time comes from Clock.' },
      ],
    },
  },
  { files: ['**/*.spec.ts', 'test/**', 'bench/**', 'scripts/**'], rules: { 'max-lines-per-function': 'off', 'no-console': 'off', 'no-restricted-syntax': 'off' } },
  // Nest reads constructor types at run time: an `import type` would erase them.
  { files: ['apps/api/**', 'apps/worker/**'], rules: { '@typescript-eslint/consistent-type-imports': 'off' } },
  { files: ['libs/platform/clock.ts', 'apps/cli/**', 'scripts/**', 'apps/sandbox/**'], rules: { 'no-restricted-syntax': 'off', 'no-console': 'off' } },
);
