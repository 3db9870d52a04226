/** Who is asking: API keys now, room tokens and roles later. */
export { type Accounts, createAccounts, type Credentials } from './service.ts'
