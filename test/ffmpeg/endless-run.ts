import { createFfmpeg } from '../../server/media/index.ts'

// A server in the middle of a run that never ends: its title is the first argument. Says so on standard output.
const endless = { path: 'testsrc2=size=320x240:rate=25', formats: ['lavfi'], options: ['-re', '-f', 'lavfi'] }
await createFfmpeg({ threads: 1 }).capture(
  { inputs: [endless], options: ['-metadata', `title=${process.argv[2]}`, '-f', 'null'] },
  { timeoutSeconds: 60, onProgress: () => process.stdout.write('running\n') },
)
