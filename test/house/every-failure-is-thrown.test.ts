import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failures } from '../../shared/index.ts'
import { code, filesOf } from './project-files.ts'

const sources = filesOf(['server', 'client-sdk/src'], code).map(({ text }) => text)

/** Named in quotes, and not only compared with. */
const isThrown = (failure: string) => {
  const named = new RegExp(`(?<![!=]== )'${failure.replace('.', '\\.')}'`)
  return sources.some(text => named.test(text))
}

test('every failure of the contract is thrown somewhere', () => {
  assert.deepEqual(
    Object.keys(failures).filter(failure => !isThrown(failure)),
    [],
  )
})
