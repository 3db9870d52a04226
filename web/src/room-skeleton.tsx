import './room/room.css'

/** The room before it is there, in the shape that it will have. */
export function RoomSkeleton() {
  return (
    <div className="room" role="status" aria-busy="true" aria-label="Loading the room">
      <header className="room-bar">
        <span className="skeleton" style={{ width: 28, height: 28 }} />
        <span className="skeleton" style={{ width: 220, maxWidth: '40%', height: 16 }} />
      </header>
      <div className="room-left">
        <div className="stage-blank" />
        <div className="timeline-blank">
          <span className="skeleton" />
        </div>
      </div>
      <div className="room-right" />
    </div>
  )
}
