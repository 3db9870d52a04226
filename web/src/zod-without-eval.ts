import { z } from 'zod'

// zod asks whether it may compile (`new Function`) as soon as a schema is made, and the page's policy reports that as a
// violation. So this has to come before the contract is imported; in the client it would decide for other pages too.
z.config({ jitless: true })
