import { Counter, Gauge, type Registry } from 'prom-client'

export type RoomMetrics = ReturnType<typeof roomMetrics>

/** Who is here, and what is told them. */
export function roomMetrics(registry: Registry) {
  const registers = [registry]
  return {
    connections: new Gauge({ name: 'rushes_room_connections', help: 'Open sockets', registers }),
    slowConnections: new Counter({
      name: 'rushes_room_slow_connections_total',
      help: 'Sockets that were ended because they could not keep up',
      registers,
    }),
    rooms: new Gauge({ name: 'rushes_rooms', help: 'Rooms that someone is in through this server', registers }),
    roomPeople: new Gauge({
      name: 'rushes_room_people',
      help: 'People in rooms through this server, however many tabs they have',
      registers,
    }),
    roomServers: new Gauge({
      name: 'rushes_room_servers',
      help: 'Other servers that are heard of and share the rooms',
      registers,
    }),
    roomsLed: new Gauge({ name: 'rushes_rooms_led', help: 'Rooms in which someone leads', registers }),
    roomEvents: new Counter({
      name: 'rushes_room_events_total',
      help: 'Durable events',
      labelNames: ['type'] as const,
      registers,
    }),
  }
}
