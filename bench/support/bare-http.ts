/** `node:http` that answers everything with a few words of JSON, and does nothing else. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const words = JSON.stringify({ error: { code: 'request.unknown_route', message: 'There is nothing here.' } })
const server = createServer((_request, response) => {
  response.writeHead(404, { 'content-type': 'application/json', 'content-length': words.length }).end(words)
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }))
process.once('SIGTERM', () => process.exit(0))
