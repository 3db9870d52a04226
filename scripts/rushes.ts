#!/usr/bin/env node
// `rushes COMMAND`: one door to everything that can be run. Each command is a script that can be run by itself, too.

interface Command {
  words: readonly string[]
  about: string
  run: () => Promise<unknown>
}

const commands: readonly Command[] = [
  { words: ['serve'], about: 'the server', run: () => import('../server/main.ts') },
  { words: ['keys'], about: 'list, create, revoke and rotate API keys', run: () => import('./keys.ts') },
  { words: ['doctor'], about: 'what is here and what is missing', run: () => import('./doctor.ts') },
  { words: ['demo'], about: 'a film goes in, and answers a question', run: () => import('./demo.ts') },
  {
    words: ['storage', 'migrate'],
    about: 'moves all files to the object store, or back to the disk',
    run: () => import('./storage-migrate.ts'),
  },
  {
    words: ['storage', 'sweep'],
    about: 'removes stored files that no record names, or lists them',
    run: () => import('./storage-sweep.ts'),
  },
  {
    words: ['database', 'snapshots'],
    about: 'lists the copies that were taken of the embedded database',
    run: () => import('./database-snapshots.ts'),
  },
  {
    words: ['database', 'restore'],
    about: 'NAME: goes back to one of them',
    run: () => import('./database-restore.ts'),
  },
]

const usage = `usage: rushes COMMAND [options]

${commands.map(({ words, about }) => `  ${words.join(' ').padEnd(20)}${about}`).join('\n')}

The configuration is the environment: see .env.example. Most commands say more with --help.`

const given = process.argv.slice(2)
const command = commands.find(({ words }) => words.every((word, index) => given[index] === word))

if (command) {
  // The script reads what follows as its own.
  process.argv.splice(2, command.words.length)
  await command.run()
} else if (given.length === 0 || ['--help', '-h', 'help'].includes(given[0] ?? '')) {
  console.log(usage)
} else {
  console.error(`There is no command ${given.join(' ')}.\n\n${usage}`)
  process.exitCode = 2
}
