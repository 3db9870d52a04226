const item = 'rushes.key'

/** The key that this browser keeps: for this tab, or on the device. */
export const keptKey = (): string | null => read(() => sessionStorage) ?? read(() => localStorage)

/** `onDevice`: until it is forgotten; else as long as the tab is there. */
export function keepKey(key: string, onDevice: boolean): void {
  forgetKey()
  use(() => (onDevice ? localStorage : sessionStorage).setItem(item, key))
}

export function forgetKey(): void {
  use(() => sessionStorage.removeItem(item))
  use(() => localStorage.removeItem(item))
}

/** Called when another tab keeps a key on the device, or forgets it. Returns how to stop that. */
export function onKeyChanged(listener: () => void): () => void {
  const onStorage = ({ key }: StorageEvent) => (key === item || key === null) && listener()
  addEventListener('storage', onStorage)
  return () => removeEventListener('storage', onStorage)
}

function use(change: () => void): void {
  try {
    change()
  } catch {
    // Storage is off or full: the key lasts as long as the page does, and is asked for again.
  }
}

function read(storage: () => Storage): string | null {
  try {
    return storage().getItem(item) || null
  } catch {
    // Storage is off.
    return null
  }
}
