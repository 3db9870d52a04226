/** How often rooms tell, and how long they wait, in milliseconds. */
export interface RoomTimes {
  /** A server tells the others who is in a room no more often than this; in large rooms, half a millisecond a person. */
  rosterEveryMs: number
  /** Servers say that they live, and which rosters they have told. */
  beatEveryMs: number
  /** A server that was not heard for so long is dead. */
  deadAfterMs: number
  /** Notices of who came and went, no more often a room; in large rooms, a millisecond a person. */
  presenceEveryMs: number
  /** Notices of playheads, no more often a room; in large rooms, a millisecond a person. */
  playheadsEveryMs: number
  /** Where whoever leads is, no more often a room. */
  playbackEveryMs: number
  /** Typing ends that was not renewed. */
  typingEndsMs: number
  /** The lead of someone who was handed it, or closed the tab that led, ends unless it is taken up. */
  leadIdleMs: number
}

export const roomTimes: RoomTimes = {
  rosterEveryMs: 250,
  beatEveryMs: 2_000,
  deadAfterMs: 6_000,
  presenceEveryMs: 100,
  playheadsEveryMs: 250,
  playbackEveryMs: 100,
  typingEndsMs: 8_000,
  leadIdleMs: 10_000,
}
