/**
 * The zones of the house (docs/architecture.md): imports point one way, and there are no cycles.
 *   domain ← connectors, store ← activities ← temporal
 *   workflows: domain and types of activities · api: domain, store, temporal/client, types of connectors · web: use cases by the load context
 */

/** Our own folders but these. @param {...string} folders */
const othersThan = (...folders) =>
  `^(${[
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
    'bench',
    'test',
    'scripts',
  ]
    .filter((folder) => !folders.includes(folder))
    .join('|')})/`;

/** `zone` may import only `allowed` of our own. @param {string} zone @param {string[]} allowed @param {string} comment */
const zone = (zone, allowed, comment) => ({
  name: `zone-${zone}`,
  severity: 'error',
  comment,
  from: { path: `^${zone}/`, pathNot: '\\.test\\.tsx?$' },
  to: { path: othersThan(zone, ...allowed), dependencyTypesNot: ['type-only'] },
});

/** What `zone` may not import even as a type. @param {string} zone @param {string[]} allowed @param {string} comment */
const types = (zone, allowed, comment) => ({
  name: `types-${zone}`,
  severity: 'error',
  comment,
  from: { path: `^${zone}/`, pathNot: '\\.test\\.tsx?$' },
  to: { path: othersThan(zone, ...allowed) },
});

/**
 * Leaves out the one file that puts the API together: somebody has to build the readers that are handed in.
 * @param {ReturnType<typeof types>} rule
 */
const handingIn = (rule) => ({ ...rule, from: { ...rule.from, pathNot: '(\\.test\\.ts|^api/create-deps\\.ts)$' } });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'Two files that need each other are one file, or a third one is missing.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'domain-does-no-io',
      severity: 'error',
      comment: 'domain/ is pure: no Node built-ins but node:crypto and node:util, no database, no HTTP.',
      from: { path: '^domain/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|util)$' },
    },
    types('domain', [], 'domain/ imports nothing of ours.'),
    types('connectors', ['domain'], 'connectors/ know outside systems and domain/, no database and no business rules.'),
    types('store', ['domain'], 'store/ knows the database and domain/.'),
    zone('activities', ['domain', 'connectors', 'store'], 'activities/ put connectors and store together.'),
    types(
      'activities',
      ['domain', 'connectors', 'store', 'workflows'],
      'activities/ may name types of workflows, nothing else above them.',
    ),
    zone('workflows', ['domain'], 'workflows/ run deterministically: domain/ only.'),
    types('workflows', ['domain', 'activities'], 'workflows/ may name types of activities.'),
    {
      name: 'workflow-packages',
      severity: 'error',
      comment: 'Of npm, workflow code may use @temporalio/workflow and @temporalio/common only; of Node nothing.',
      from: { path: '^workflows/', pathNot: '\\.test\\.ts$' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-unknown', 'core'],
        pathNot: 'node_modules/@temporalio/(workflow|common)/',
      },
    },
    types(
      'temporal',
      ['domain', 'connectors', 'store', 'activities', 'workflows'],
      'temporal/ runs activities and workflows; it does not know the API.',
    ),
    handingIn(
      zone(
        'api',
        ['domain', 'store', 'temporal'],
        'api/ writes rows and asks the store; readers of outside systems are handed in.',
      ),
    ),
    handingIn(types('api', ['domain', 'store', 'temporal', 'connectors', 'web'], 'api/ may name types of connectors.')),
    {
      name: 'api-hands-in',
      severity: 'error',
      comment:
        'api/create-deps.ts builds what is handed in, and so may know connectors and activities; nothing else beyond the zone.',
      from: { path: '^api/create-deps\\.ts$' },
      to: { path: othersThan('api', 'domain', 'store', 'temporal', 'connectors', 'activities') },
    },
    {
      name: 'api-temporal-client-only',
      severity: 'error',
      comment: 'Of temporal/ the API may use the client only: no worker, no dispatcher.',
      from: { path: '^api/', pathNot: '(\\.test\\.ts|^api/server\\.ts)$' },
      to: { path: '^temporal/', pathNot: '^temporal/client' },
    },
    zone('web', ['domain'], 'web/ gets its use cases through the load context.'),
    types('web', ['domain', 'api'], 'web/ may name types of the API, never the store.'),
    types('prisma', ['domain', 'store'], 'prisma/ migrates and seeds through the store.'),
    zone('simulators', [], 'simulators/ stand alone, as the systems that they stand in for do.'),
    types('simulators', ['domain'], 'simulators/ may name types of domain/.'),
    {
      name: 'no-tests-in-code',
      severity: 'error',
      comment: 'Code does not import tests.',
      from: { path: othersThan('test', 'bench', 'scripts'), pathNot: '\\.test\\.tsx?$' },
      to: { path: '(^test/|\\.test\\.tsx?$)' },
    },
    {
      name: 'listed-packages',
      severity: 'error',
      comment: 'A package that is imported stands in package.json.',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    {
      name: 'no-dev-packages-in-code',
      severity: 'error',
      comment: 'What runs in production is a dependency, not a development dependency.',
      from: {
        path: '^(domain|connectors|store|activities|workflows|temporal|api|prisma|simulators)/',
        pathNot: '\\.test\\.ts$',
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|store/generated|\\.nervio|build)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json'],
    },
    moduleSystems: ['es6', 'cjs'],
  },
};
