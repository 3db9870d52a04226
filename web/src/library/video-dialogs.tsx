import { type FormEvent, useId, useState } from 'react'
import type { Video } from '../../../client-sdk/src/index.ts'
import { Dialog } from '../ui/dialog.tsx'
import { reasonOf, useToast } from '../ui/toasts.tsx'

interface RenameDialogProps {
  video: Video
  onRename: (id: string, title: string) => Promise<void>
  onClose: () => void
}

export function RenameDialog({ video, onRename, onClose }: RenameDialogProps) {
  const say = useToast()
  const id = useId()
  const [title, setTitle] = useState(video.title)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onClose()
    onRename(video.id, title.trim()).catch(fault => say(`Not renamed: ${reasonOf(fault)}`))
  }
  return (
    <Dialog label="Rename" onClose={onClose}>
      <form onSubmit={submit}>
        <h2>
          <label htmlFor={id}>Rename</label>
        </h2>
        <input
          id={id}
          className="field"
          value={title}
          maxLength={200}
          required
          onFocus={event => event.target.select()}
          onChange={event => setTitle(event.target.value)}
        />
        <div className="dialog-buttons">
          <button type="button" className="button button-plain" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button button-primary" disabled={title.trim() === ''}>
            Rename
          </button>
        </div>
      </form>
    </Dialog>
  )
}

interface DeleteDialogProps {
  video: Video
  onRemove: (id: string) => Promise<void>
  onClose: () => void
}

export function DeleteDialog({ video, onRemove, onClose }: DeleteDialogProps) {
  const say = useToast()
  const remove = () => {
    onClose()
    onRemove(video.id).then(
      () => say(`“${video.title}” was deleted.`),
      fault => say(`Not deleted: ${reasonOf(fault)}`),
    )
  }
  return (
    <Dialog label={`Delete ${video.title}?`} onClose={onClose}>
      <h2>Delete “{video.title}”?</h2>
      <p>The film, its transcript and everything said about it go with it. This can’t be undone.</p>
      <div className="dialog-buttons">
        <button type="button" className="button button-plain" onClick={onClose}>
          Keep it
        </button>
        <button type="button" className="button button-danger" onClick={remove}>
          Delete
        </button>
      </div>
    </Dialog>
  )
}
