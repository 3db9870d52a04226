/** Who is asking: API keys and the tokens of media's addresses now, room tokens and roles later. */
export { accountRoutes } from './routes.ts'
export { type Accounts, type Credentials, createAccounts } from './service.ts'
