import assert from 'node:assert/strict'
import { test } from 'node:test'
import { envExample } from '../../server/config.ts'
import { configFields } from '../../server/config-fields.ts'
import { readProjectFile } from './project-files.ts'

const rewrite = `node -e "import('./server/config.ts').then(it => process.stdout.write(it.envExample()))" > .env.example`
const { text } = readProjectFile('.env.example')

test('.env.example is what the configuration writes', () => {
  assert.equal(text, envExample(), `.env.example is out of date. Write it again:\n${rewrite}`)
})

test('every variable of the configuration is in .env.example', () => {
  assert.deepEqual(
    Object.keys(configFields).filter(name => !text.includes(`\n#${name}=`)),
    [],
  )
})
