import type { Stage, StageName, Video } from '../../../client-sdk/src/index.ts'

/** What each stage is called while it runs, and as a step. */
export const stageWords: Record<StageName, { doing: string; step: string }> = {
  upload: { doing: 'Receiving', step: 'Received' },
  playback: { doing: 'Preparing playback', step: 'Playback' },
  thumbnail: { doing: 'Choosing a picture', step: 'Picture' },
  audio: { doing: 'Reading the sound', step: 'Sound' },
  storyboard: { doing: 'Drawing the storyboard', step: 'Storyboard' },
  hls: { doing: 'Making more sizes', step: 'Sizes' },
  transcript: { doing: 'Writing down what is said', step: 'Transcript' },
  scenes: { doing: 'Finding the scenes', step: 'Scenes' },
  search: { doing: 'Making it searchable', step: 'Search' },
}

export const isSettled = (video: Video): boolean => video.status === 'ready' || video.status === 'error'

/** The stage to show when there is room for one: what runs now, or what comes next. */
export function stageInHand(stages: Stage[]): Stage | undefined {
  return stages.findLast(stage => stage.state === 'running') ?? stages.find(stage => stage.state === 'pending')
}
