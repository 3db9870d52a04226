import { VideoId, videoStream } from '../../shared/index.ts'
import type { PlainDoorPurpose } from '../platform/hub/index.ts'

const address = /^\/ws\/chat\/([^/]+)\/?$/

/** Plain WebSockets lead into the room of one video. */
export const plainRooms: PlainDoorPurpose = {
  join: 'room.join',
  elsewhere: 'WebSockets are at /ws/chat/:videoId and at /socket.io/.',
  placeAt(path) {
    const { data: videoId } = VideoId.safeParse(address.exec(path)?.[1])
    return videoId ? { stream: videoStream(videoId), payload: { videoId } } : null
  },
}
