/**
 * The floor plan as rules. Data flows down the list of floors; an import may only point up it, and enters a domain
 * through its index.ts. `npm run check` proves it; server/README.md explains it.
 */
const floors = [
  'media',
  'accounts',
  'videos',
  'library',
  'rooms',
  'intake',
  'uploads',
  'fetches',
  'probe',
  'renditions',
  'detections',
  'transcripts',
  'search',
  'chat',
  'moments',
  'clips',
  'cameras',
  'stories',
  'notes',
  'operations',
]
const anyFloor = `(${floors.join('|')})`

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

const towardsTheWire = [
  forbid(
    'shared-is-a-leaf',
    'The contract imports zod and itself.',
    { path: '^shared/' },
    { pathNot: '^(shared|node_modules/zod)/' },
  ),
  forbid(
    'the-client-sees-the-contract-alone',
    'It is published without the server.',
    { path: '^client-sdk/' },
    { path: '^(server|web)/' },
  ),
  forbid(
    'the-page-sees-the-client-alone',
    'What the page can do, every client can.',
    { path: '^web/' },
    { path: '^(server|shared)/' },
  ),
  forbid(
    'the-server-sees-the-contract-alone',
    'It needs neither client nor page, nor what is made for tests.',
    { path: '^server/' },
    { path: '^(client-sdk|web|test|bench|scripts)/' },
  ),
]

const withinTheServer = [
  forbid(
    'platform-knows-no-domain',
    'Plumbing serves any domain, so it knows none.',
    { path: '^server/platform/' },
    { path: `^server/${anyFloor}/` },
  ),
  forbid(
    'folders-know-no-root',
    'app.ts constructs and hands over; nobody reaches back.',
    { path: '^server/[^/]+/' },
    { path: '^server/[^/]+\\.ts$' },
  ),
  forbid(
    'enter-by-the-index',
    'A domain shows what it wants to show. Tables may refer to each other.',
    { path: '^server/([^/]+)(/(?!schema\\.ts$)|\\.ts$)' },
    { path: `^server/${anyFloor}/(?!index\\.ts$)`, pathNot: '^server/$1/' },
  ),
  forbid(
    'tables-refer-to-tables',
    'A schema is read by drizzle-kit on its own: it must not pull the domain in.',
    { path: '^server/.*/schema\\.ts$' },
    { path: '^(server|client-sdk|web)/', pathNot: '^server/.*/schema\\.ts$' },
  ),
  forbid(
    'the-server-runs-without-development-packages',
    'The image is made without them.',
    { path: '^(server|shared)/' },
    { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
  ),
  forbid(
    'fluent-ffmpeg-stays-behind-its-module',
    'See docs/decisions/0002.',
    { pathNot: '^server/media/ffmpeg/run-ffmpeg\\.ts$' },
    { path: 'node_modules/(@types/)?fluent-ffmpeg/' },
  ),
  ...floors
    .slice(0, -1)
    .map((floor, index) =>
      forbid(
        `${floor}-knows-no-later-floor`,
        'Data flows down, imports point up.',
        { path: `^server/${floor}/` },
        { path: `^server/(${floors.slice(index + 1).join('|')})/` },
      ),
    ),
]

module.exports = {
  forbidden: [
    forbid('no-cycles', 'Not even of types: a cycle is one module in several files.', {}, { circular: true }),
    forbid(
      'every-import-leads-somewhere',
      'An import that is not resolved is seen by no other rule.',
      {},
      { couldNotResolve: true },
    ),
    ...towardsTheWire,
    ...withinTheServer,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Imports of types are erased before Node sees them, but they tie folders together all the same.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
