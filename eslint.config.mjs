import tseslint from 'typescript-eslint';

/** Where a clock, chance or this machine's language would make a replay differ from what happened. */
const DETERMINISTIC = ['domain/**/*.ts', 'workflows/**/*.ts'];
/** Where business time comes from the Clock and nowhere else. */
const ON_THE_CLOCK = [
  ...DETERMINISTIC,
  'api/**/*.ts',
  'activities/**/*.ts',
  'db/**/*.ts',
  'temporal/**/*.ts',
];

const defaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Name it: a default export has another name in each file that imports it.',
};
const readsTheClock = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Business time comes from the Clock: take `now` as a parameter.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Business time comes from the Clock: take `now` as a parameter.',
  },
  {
    selector: "CallExpression[callee.name='Date']",
    message: 'Business time comes from the Clock: take `now` as a parameter.',
  },
];
const dependsOnTheMachine = [
  {
    selector:
      'MemberExpression[property.name=/^(toLocale(String|DateString|TimeString|UpperCase|LowerCase)|localeCompare)$/]',
    message: "It depends on the machine's language data, so a replay could differ.",
  },
  {
    selector:
      'MemberExpression[property.name=/^[gs]et(FullYear|Month|Date|Day|Hours|Minutes|Seconds|TimezoneOffset)$/]',
    message: "It depends on the machine's time zone: use the UTC twin, or the calendar of the collection.",
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Rules do not throw dice: derive it from an id.',
  },
];

export default tseslint.config(
  { ignores: ['node_modules/', '.data/', '.cache/', 'coverage/', 'web/dist/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      '@typescript-eslint/no-meaningless-void-operator': 'off', // It says that a result is dropped on purpose.
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/require-await': 'off', // An interface may promise what one of its makers has at once.
      '@typescript-eslint/unbound-method': 'off', // Our objects are closures, not classes: they have no `this` to lose.
      '@typescript-eslint/no-unnecessary-type-arguments': 'off',
      '@typescript-eslint/no-extraneous-class': 'off', // An error may be nothing but its class.
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }], // [...text] takes characters apart as we want.
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', defaultExport],
    },
  },
  {
    files: ON_THE_CLOCK,
    rules: { 'no-restricted-syntax': ['error', defaultExport, ...readsTheClock] },
  },
  {
    files: DETERMINISTIC,
    rules: {
      'no-restricted-syntax': ['error', defaultExport, ...readsTheClock, ...dependsOnTheMachine],
      'no-restricted-globals': [
        'error',
        ...['Intl', 'performance', 'process', 'fetch', 'crypto', 'setTimeout', 'setInterval', 'Temporal'].map(
          (name) => ({
            name,
            message: 'Rules and workflows know nothing of the machine that they run on.',
          }),
        ),
      ],
    },
  },
  { files: ['db/clock.ts'], rules: { 'no-restricted-syntax': ['error', defaultExport] } }, // The Clock itself.
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off', // In a test it fails just where it should.
      '@typescript-eslint/no-empty-function': 'off',
      // A test looks into an answer as it came; what is not there fails the test.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['vitest.config.ts', 'test/replay/record.config.ts', 'test/setup/global.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  }, // vitest asks for a default export.
);
