import { createRushes, type Room } from '../../client-sdk/src/index.ts'
import type { TestApp } from './start-test-app.ts'

/** A video that waits for its film: its room is open, and nothing else happens in it. */
export async function emptyRoom({ rushes }: Pick<TestApp, 'rushes'>): Promise<string> {
  const { video } = await rushes.videos.createDirectUpload({ filename: 'film.mp4' })
  return video.id
}

/** Each name is a person with a secret of their own, at every server: the same name twice is two tabs of one person. */
export const enterAs = ({ url }: Pick<TestApp, 'url'>, name: string, videoId: string): Promise<Room> =>
  createRushes({ url, name, person: `the secret of ${name} in ${videoId}` }).rooms.join(videoId)

/** The same for several, who come at once. */
export const enterAll = <const N extends readonly string[]>(
  app: Pick<TestApp, 'url'>,
  videoId: string,
  names: N,
): Promise<{ [K in keyof N]: Room }> =>
  Promise.all(names.map(name => enterAs(app, name, videoId))) as Promise<{ [K in keyof N]: Room }>
