import type { Context } from 'koa'
import type { z } from 'zod'
import type { RouteName, Routes } from '../../../shared/index.ts'
import type { Caller } from '../caller.ts'

type Parsed<R, K extends string> = R extends { [P in K]: infer S extends z.ZodType } ? z.infer<S> : undefined

/** What a handler gets: everything parsed, and Koa's context for those that send bytes themselves. */
export interface HttpInput<N extends RouteName> {
  params: Parsed<Routes[N], 'params'>
  query: Parsed<Routes[N], 'query'>
  body: Parsed<Routes[N], 'body'>
  ctx: Context
  caller: Caller
  /** Aborted when the caller goes away, or may not stay. */
  signal: AbortSignal
}
/** A route with an `answer` in the contract returns it; every other writes to `ctx` itself and returns nothing. */
export type HttpAnswer<N extends RouteName> = Routes[N] extends { answer: infer S extends z.ZodType }
  ? Promise<z.input<S>>
  : Promise<void>
export type HttpHandlers = { [N in RouteName]: (input: HttpInput<N>) => HttpAnswer<N> }
