import { isMarked, type Meeting, type Question } from './meetings.ts'

/** A place in a meeting. */
export interface Place {
  meeting: string
  startSeconds: number
  endSeconds: number
}
export type Find = (meeting: Meeting, question: Question) => Promise<Place[]> | Place[]

/** How many of the questions have a marked place first, and how many among the first five, in per cent. */
export async function measureFinding(meetings: readonly Meeting[], find: Find): Promise<{ r1: number; r5: number }> {
  let [asked, first, among] = [0, 0, 0]
  for (const meeting of meetings) {
    for (const question of meeting.questions) {
      const places = (await find(meeting, question)).slice(0, 5)
      const right = places.map(place => place.meeting === meeting.name && isMarked(question, place))
      asked++
      if (right[0]) first++
      if (right.includes(true)) among++
    }
  }
  return { r1: (100 * first) / asked, r5: (100 * among) / asked }
}

/** What who points blindly finds: the share of the windows that lie in a marked place, once and in five tries. */
export function chanceOf(
  meetings: readonly Meeting[],
  windowsFor: (meeting: Meeting) => readonly Place[],
): { r1: number; r5: number } {
  const shares = meetings.flatMap(meeting =>
    meeting.questions.map(question => {
      const windows = windowsFor(meeting)
      const right = windows.filter(window => window.meeting === meeting.name && isMarked(question, window)).length
      return right / windows.length
    }),
  )
  const mean = (values: readonly number[]) => (100 * values.reduce((sum, value) => sum + value, 0)) / values.length
  return { r1: mean(shares), r5: mean(shares.map(share => 1 - (1 - share) ** 5)) }
}
