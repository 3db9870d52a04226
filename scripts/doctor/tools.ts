import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Finding, missing, ok, warn } from './finding.ts'

const run = promisify(execFile)
const install = 'sh scripts/setup.sh installs it'
const oldestNode = [22, 12] as const
const oldestFfmpeg = [5, 1] as const

/** The Node that runs this; `npm` runs everything with the one that the packages bring. */
export function checkNode(version: string = process.versions.node): Finding {
  return reaches(version, oldestNode)
    ? ok('Node.js', version)
    : missing(
        'Node.js',
        `${version} can't run TypeScript as it is`,
        'start by npm (npm start), which has its own Node 24',
      )
}

/** ffmpeg and ffprobe, and the two encoders that every player understands. */
export async function checkFfmpeg(): Promise<Finding[]> {
  const tools = await Promise.all(['ffmpeg', 'ffprobe'].map(checkTool))
  if (tools[0]?.state === 'missing') return tools
  return [...tools, ...(await checkEncoders())]
}

async function checkTool(tool: string): Promise<Finding> {
  const said = await run(tool, ['-hide_banner', '-version']).then(
    ({ stdout }) => stdout,
    () => null,
  )
  if (said === null) return missing(tool, 'not found; no film can be taken in without it', install)
  const version = /version \D?(\S+)/.exec(said)?.[1] ?? 'of an unknown version'
  // Builds from a source tree are named by date or commit: they are newer than what is asked for.
  if (/^\d+\.\d/.test(version) && !reaches(version, oldestFfmpeg)) {
    return warn(tool, `${version}: older than 5.1, with which nothing was tried`, 'update ffmpeg')
  }
  return ok(tool, version)
}

async function checkEncoders(): Promise<Finding[]> {
  const { stdout } = await run('ffmpeg', ['-hide_banner', '-encoders'])
  const wanted = { libx264: 'pictures that every browser plays', aac: 'sound that every browser plays' }
  return Object.entries(wanted).map(([name, purpose]) =>
    new RegExp(`^ [VA]\\S+ ${name} `, 'm').test(stdout)
      ? ok(`encoder ${name}`, purpose)
      : warn(`encoder ${name}`, `not in this ffmpeg: no ${purpose} can be made`, 'install a full build of ffmpeg'),
  )
}

function reaches(version: string, [major, minor]: readonly [number, number]): boolean {
  const [a = 0, b = 0] = version.split('.').map(part => Number.parseInt(part, 10))
  return a > major || (a === major && b >= minor)
}
