import type { RoomEvent } from '../../client-sdk/src/index.ts'

/** A room's facts without those about scenes: they may come after `video.ready`, which does not wait for them. */
export const withoutScenes = (events: readonly RoomEvent[]): RoomEvent[] =>
  events.filter(
    ({ type, payload }) => type !== 'scenes.ready' && !(type === 'video.stage_changed' && payload.stage === 'scenes'),
  )
