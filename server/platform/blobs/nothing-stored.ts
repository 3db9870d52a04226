import { AppError } from '../errors.ts'

export const nothingStored = (key: string): AppError =>
  new AppError('storage.not_found', `Nothing is stored as ${key}.`)
