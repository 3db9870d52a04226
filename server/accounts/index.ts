/** Who is asking: API keys now, room tokens and roles later. */
export { type Accounts, type Credentials, createAccounts } from './service.ts'
