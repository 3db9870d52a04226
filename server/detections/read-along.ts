import { readFile, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { Scene, type VideoId } from '../../shared/index.ts'
import type { BlobStore } from '../platform/blobs/index.ts'
import type { Alongside } from '../renditions/index.ts'
import { findScenes } from './find-scenes.ts'
import { scenePart } from './scene-part.ts'

const Found = z.array(Scene)
/** A folder of its own, so that it can be removed by itself. */
const folderOf = (videoId: VideoId) => `videos/${videoId}/found/`
const keyOf = (videoId: VideoId) => `${folderOf(videoId)}scenes.json`

/**
 * Where the storyboard has to decode every frame, the scenes are found on the way, and kept as a blob until their own
 * job comes: so no film is decoded twice.
 */
export function createReadAlong({ blobs }: { blobs: BlobStore }) {
  const alongside: Alongside = {
    parts: () => [scenePart],
    async keep({ video }, printed) {
      const draft = await blobs.draft(keyOf(video.id))
      try {
        await writeFile(draft.path, JSON.stringify(findScenes(printed, video)))
        await draft.commit()
      } finally {
        await draft.discard()
      }
    },
  }
  return {
    alongside,
    /** Null when nobody read along. */
    async found(videoId: VideoId): Promise<Scene[] | null> {
      if (!(await blobs.stat(keyOf(videoId)))) return null
      return blobs.withFile(keyOf(videoId), async path => Found.parse(JSON.parse(await readFile(path, 'utf8'))))
    },
    forget: (videoId: VideoId) => blobs.removeAll(folderOf(videoId)),
  }
}
export type ReadAlong = ReturnType<typeof createReadAlong>
