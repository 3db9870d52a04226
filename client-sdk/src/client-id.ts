/** Names one message or question of this client. Not `crypto.randomUUID`: browsers have that on https and loopback only. */
export const newClientId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
