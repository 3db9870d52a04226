import type { RoomEvent, SocketNotices, Stage, Video } from '../../../shared/index.ts'

/** The video as it is after a fact of its room. */
export function videoAfter(video: Video, { type, payload }: RoomEvent): Video {
  switch (type) {
    case 'video.created':
    case 'video.uploaded':
    case 'video.playable':
    case 'video.ready':
      return payload.video
    case 'video.status_changed':
      return { ...video, status: payload.status }
    case 'video.stage_changed':
      return withStage(video, payload.stage, { state: payload.state, percent: percentIn(payload.state) })
    case 'video.renamed':
      return { ...video, title: payload.title }
    case 'video.failed':
      return { ...video, status: 'error', error: payload.error }
    case 'thumbnail.ready':
      return { ...video, links: { ...video.links, thumbnail: payload.thumbnail } }
    case 'storyboard.ready':
      return { ...video, links: { ...video.links, storyboard: payload.storyboard } }
    case 'rendition.ready':
      return { ...video, links: { ...video.links, ...(payload.hls && { hls: payload.hls }), ...payload.links } }
    case 'waveform.ready':
      return { ...video, links: { ...video.links, waveform: payload.waveform } }
    case 'scenes.ready':
      return { ...video, links: { ...video.links, scenes: payload.scenes } }
    case 'transcript.ready':
      return {
        ...video,
        ...{ transcriptState: 'ready', transcriptReason: null, transcriptLanguage: payload.language },
      }
    case 'transcript.unavailable':
      return {
        ...video,
        ...{ transcriptState: 'unavailable', transcriptReason: payload.reason, transcriptLanguage: null },
      }
    default:
      return video
  }
}

/** The video as it is after a notice of how far a stage is. */
export const videoWithProgress = (video: Video, { stage, percent }: SocketNotices['progress']): Video =>
  withStage(video, stage, { percent })

const percentIn = (state: Stage['state']): number => (state === 'pending' || state === 'running' ? 0 : 100)

function withStage(video: Video, name: Stage['name'], change: Partial<Stage>): Video {
  const stages = video.progress.stages.map(stage => (stage.name === name ? { ...stage, ...change } : stage))
  return { ...video, progress: { ...video.progress, stages } }
}
