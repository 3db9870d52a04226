/** Who is asking: API keys and the signed addresses of media now, room tokens and roles later. */
export { createKeys, type Keys } from './keys.ts'
export { accountRoutes, keyRouteNames } from './routes.ts'
export { type Accounts, type Credentials, createAccounts } from './service.ts'
