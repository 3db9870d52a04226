import type { NotesFormat, Video, VideoId } from '../../shared/index.ts'
import { contentDisposition, type HttpHandlers } from '../platform/http/index.ts'
import { writeCsv } from './formats/csv.ts'
import { writeEdl } from './formats/edl.ts'
import { writeFcpxml } from './formats/fcpxml.ts'
import type { NoteSource } from './from-talk.ts'
import type { NoteMetrics } from './metrics.ts'
import { layOut, type NoteSheet } from './sheet.ts'

export interface NotesOptions {
  /** Throws `video.not_found`. */
  videos: { get(id: VideoId): Promise<Video> }
  sources: readonly NoteSource[]
  metrics: NoteMetrics
}

const formats: Record<NotesFormat, { contentType: string; write: (sheet: NoteSheet) => string }> = {
  csv: { contentType: 'text/csv; charset=utf-8', write: writeCsv },
  edl: { contentType: 'text/plain; charset=utf-8', write: writeEdl },
  fcpxml: { contentType: 'application/xml; charset=utf-8', write: writeFcpxml },
}

export function noteRoutes({ videos, sources, metrics }: NotesOptions): Pick<HttpHandlers, 'videos.notes'> {
  return {
    'videos.notes': async ({ params, query, ctx }) => {
      const { id, format } = params
      const video = await videos.get(id)
      const notes = (await Promise.all(sources.map(source => source(id)))).flat()
      const { contentType, write } = formats[format]
      const text = write(layOut(video, notes, query.start))
      metrics.notes.inc({ format })
      ctx.set('Content-Type', contentType)
      const filename = `${video.title} - notes.${format}`
      ctx.set('Content-Disposition', contentDisposition({ filename, download: true }))
      ctx.body = text
    },
  }
}
