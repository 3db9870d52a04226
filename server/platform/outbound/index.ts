/** Asking other servers: only where that is allowed, and no longer than is borne. */
export { isPublicAddress } from './address-guard.ts'
export { type Answer, createSites, type SiteLimits, type Sites } from './sites.ts'
