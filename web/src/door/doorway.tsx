import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { createRushes } from '../../../client-sdk/src/index.ts'
import { RushesProvider } from '../../../client-sdk/src/react/index.ts'
import { type Door, DoorContext, type Refusal } from './door.ts'
import { DoorView } from './door-view.tsx'
import { forgetKey, keepKey, keptKey, onKeyChanged } from './kept-key.ts'

/**
 * Gives the page its client, with the key where there is one. What is inside is drawn at once; the first thing that the
 * server refuses for want of a key puts the door in its place. The address stays, so one comes in where one wanted to.
 */
export function Doorway({ url, children }: { url: string; children: ReactNode }) {
  const [key, setKey] = useState(keptKey)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const client = useMemo(() => createRushes({ url, token: key ?? undefined }), [url, key])
  const door = useMemo<Door>(() => {
    const signOut = () => {
      forgetKey()
      setKey(null)
      setRefusal('auth.required')
    }
    return { shut: setRefusal, signOut: key === null ? null : signOut }
  }, [key])
  useEffect(
    () =>
      onKeyChanged(() => {
        setKey(keptKey())
        setRefusal(null)
      }),
    [],
  )

  const enter = (given: string, onDevice: boolean) => {
    keepKey(given, onDevice)
    setKey(given)
    setRefusal(null)
  }
  if (refusal) return <DoorView url={url} refusal={refusal} onEnter={enter} />
  return (
    <DoorContext value={door}>
      {/* Another key, another person: nothing of what one saw is left for the next. */}
      <RushesProvider key={key} client={client}>
        {children}
      </RushesProvider>
    </DoorContext>
  )
}
