/**
 * The arrows between our folders, as `npm test` checks them.
 *
 *   api, temporal, activities → db → domain        workflows → domain, and activities as types
 *
 * So the rules of collection can be read, tested and replayed without a database, a clock or a network.
 */
const libraries = '^node_modules/';

module.exports = {
  forbidden: [
    {
      name: 'domain-stands-alone',
      comment: 'The rules are pure functions on plain data: no library, no Node, nothing else of ours.',
      severity: 'error',
      from: { path: '^domain/' },
      to: { pathNot: '^domain/' },
    },
    {
      name: 'workflows-know-only-the-rules',
      comment: 'Whatever a workflow imports is loaded for each sleeping invoice, and must replay for years.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { pathNot: ['^(workflows|domain|activities)/', `${libraries}@temporalio/(workflow|common)/`] },
    },
    {
      name: 'workflows-see-activities-as-types',
      comment: 'An activity runs in the worker; the workflow may only know its shape.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'db-below-its-callers',
      comment: 'Queries are asked; they do not know who asks.',
      severity: 'error',
      from: { path: '^db/' },
      to: { pathNot: ['^(db|domain|processes)/', libraries], dependencyTypesNot: ['core'] },
    },
    {
      name: 'activities-below-the-api',
      comment: 'Side effects and delivery work without any HTTP request.',
      severity: 'error',
      from: { path: '^(activities|temporal)/' },
      to: { path: '^(api|start|web)/|^(start|worker)\\.ts$' },
    },
    {
      name: 'processes-know-only-node',
      comment: 'Starting and ending programs has nothing to do with what they are.',
      severity: 'error',
      from: { path: '^processes/' },
      to: { pathNot: '^processes/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'product-never-needs-tests',
      severity: 'error',
      from: { pathNot: '^(test|bench)/|^[^/]+\\.config\\.ts$|^setup\\.mjs$' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'product-runs-without-developer-packages',
      comment:
        "Only the Temporal SDK's last-resort download comes from its test kit, and is loaded when asked for.",
      severity: 'error',
      from: {
        path: '^(domain|workflows|activities|temporal|api|db|processes|start)/|^(start|worker|config)\\.ts$',
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], dynamic: false },
    },
    {
      name: 'no-circles',
      comment:
        'Files that need each other are one idea: join them, or find the third. Types may refer to each other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-missing',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.data|\\.cache|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
