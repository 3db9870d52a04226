import assert from 'node:assert/strict'
import { test } from 'node:test'
import { code, filesOf, placesOf, readProjectFile } from './project-files.ts'

const longestFile = 400

const product = filesOf(['server', 'shared', 'client-sdk', 'web'], /\.(ts|tsx|mts|js|mjs|cjs|sh|css|html)$/)
const productCode = product.filter(({ path }) => code.test(path))
const others = filesOf(['test', 'bench', 'scripts'], code)
const isConfig = (path: string) => path.endsWith('.config.ts')
const lineCount = (text: string) => text.trimEnd().split('\n').length

test('only server/config.ts reads the environment', () => {
  const elsewhere = productCode.filter(({ path }) => path !== 'server/config.ts')
  assert.deepEqual(placesOf(elsewhere, /process\.env\b/), [])
  assert.equal(placesOf([readProjectFile('server/config.ts')], /process\.env\b/).length, 1)
})

test(`no source file is longer than ${longestFile} lines`, () => {
  const long = [...product, ...others].filter(({ text }) => lineCount(text) > longestFile)
  assert.deepEqual(
    long.map(({ path, text }) => `${path}: ${lineCount(text)} lines`),
    [],
  )
})

test('nothing is exported as default, except where a tool wants it in its configuration', () => {
  const ours = [...productCode, ...others].filter(({ path }) => !isConfig(path))
  assert.deepEqual(placesOf(ours, /^export default\b|^export \{.*\bas default\b/), [])
})

test('no path of one machine is written down', () => {
  assert.deepEqual(placesOf(product, /\/(work|root|tmp|home)\//), [])
  assert.deepEqual(placesOf(others, /\/(work|root|home)\//), [])
})

test('no test is skipped for good, focused or left to do', () => {
  const tests = filesOf(['test', 'client-sdk', 'web'], code)
  assert.deepEqual(placesOf(tests, /\b(test|it|describe|suite|t)\.(skip|only|todo)\(|\b(skip|only|todo): true\b/), [])
})
