import { quickenImports } from './platform/quicken-imports.ts'

// Signals count from the first moment: a server that is told to end while it starts ends when it has.
const { promise: told, resolve: tell } = Promise.withResolvers<NodeJS.Signals>()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    tell(signal)
    // A second one means now.
    process.once(signal, () => process.exit(1))
  })
}

const codeDirectory = quickenImports()
const { runServer } = await import('./run-server.ts')
await runServer({ told, codeDirectory })
