import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foldersUnder, readProjectFile } from './project-files.ts'

const plan = readProjectFile('server/README.md').text
const rules = readProjectFile('.dependency-cruiser.cjs').text
const folders = foldersUnder('server').map(path => path.replace('server/', ''))
const listed = [...plan.matchAll(/^\| `([\w/-]+)\/` \|/gm)].flatMap(([, path]) => path ?? [])

// `engines/` is one of the file names that every domain may have: the plan explains it once.
const isEngines = (path: string) => path.endsWith('/engines')

test('every folder of the server is in server/README.md', () => {
  assert.deepEqual(
    folders.filter(path => !isEngines(path) && !listed.includes(path)),
    [],
  )
})

test('every folder in server/README.md exists', () => {
  assert.deepEqual(
    listed.filter(path => !folders.includes(path)),
    [],
  )
})

test('every domain has its floor in the import rules, in the order of server/README.md', () => {
  const floors = listed.filter(path => path !== 'platform' && !path.includes('/'))
  const places = floors.map(floor => rules.indexOf(`'${floor}'`))
  assert.equal(places.includes(-1), false, `${floors[places.indexOf(-1)]} is missing in .dependency-cruiser.cjs`)
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  )
})
