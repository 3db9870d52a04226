import { createContext, use, useLayoutEffect } from 'react'

/** Why nobody gets in: there is no key, or a wrong one. */
export type Refusal = 'auth.required' | 'auth.invalid'

export interface Door {
  /** The server wants a key, or another one: the page asks for it. */
  shut: (refusal: Refusal) => void
  /** Forgets the key; null where none is in use. */
  signOut: (() => void) | null
}

export const DoorContext = createContext<Door>({ shut: () => {}, signOut: null })
export const useDoor = (): Door => use(DoorContext)

export const isRefusal = (code: string | undefined): code is Refusal =>
  code === 'auth.required' || code === 'auth.invalid'

/** Asks for the key when that is what a view failed for, before its failure is painted. */
export function useKeyAsked(failure: { code: string } | null): void {
  const { shut } = useDoor()
  const code = failure?.code
  useLayoutEffect(() => {
    if (isRefusal(code)) shut(code)
  }, [code, shut])
}
