import { AppError } from './errors.ts'
import { cutText, storableText } from './text.ts'

export interface InputIssue {
  path: readonly PropertyKey[]
  message: string
}

/** Whoever sends thousands of wrong members, or members with endless names, is not told of all. */
const mostIssues = 10
const longestPath = 100
const longestMessage = 200

/** Throws `request.invalid`: which part of the request does not fit, where and why. */
export function refuseInput(part: string, found: readonly InputIssue[]): never {
  const issues = found.slice(0, mostIssues).map(({ path, message }) => ({
    path: cutText(storableText(path.slice(0, longestPath).join('.')), longestPath),
    message: cutText(message, longestMessage),
  }))
  const sentences = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message))
  const unsaid = found.length - issues.length
  const all = unsaid > 0 ? [...sentences, `and ${unsaid} more`] : sentences
  throw new AppError('request.invalid', `The ${part} does not fit: ${all.join('; ')}`, { details: { part, issues } })
}
