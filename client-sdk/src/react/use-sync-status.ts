import { useSyncExternalStore } from 'react'
import type { RoomStatus } from '../index.ts'
import { useRoomState } from './room-provider.tsx'

export interface SyncStatus {
  /** `reconnecting` is tried again by itself; `offline`: this device has no network, or the room can't be entered. */
  state: 'connecting' | 'catching-up' | 'up-to-date' | 'reconnecting' | 'offline'
  /** Since when, in milliseconds since 1970. */
  since: number
  /** How much was said here and is not with the server yet. It is kept, and sent by itself. */
  unsent: number
}

const states: Record<RoomStatus, SyncStatus['state']> = {
  connecting: 'connecting',
  replaying: 'catching-up',
  live: 'up-to-date',
  offline: 'reconnecting',
}

/** Whether what one sees is what the server has. */
export function useSyncStatus(): SyncStatus {
  const { isClosed, status, since, unsent } = useRoomState(state => ({
    isClosed: ['missing', 'deleted', 'failed'].includes(state.phase),
    status: state.status,
    since: state.statusSince,
    unsent: state.pending.filter(item => item.failure === null).length,
  }))
  const hasNetwork = useSyncExternalStore(onNetwork, readNetwork, () => true)
  const isOffline = isClosed || (!hasNetwork && status !== 'live')
  return { state: isOffline ? 'offline' : (states[status] ?? 'connecting'), since, unsent }
}

/** Browsers know that there is none; that there is one says nothing yet. */
const readNetwork = (): boolean => globalThis.navigator?.onLine ?? true

function onNetwork(listener: () => void): () => void {
  addEventListener('online', listener)
  addEventListener('offline', listener)
  return () => {
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
  }
}
