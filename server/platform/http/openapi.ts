import { z } from 'zod'
import { Failure, type Route, routes } from '../../../shared/index.ts'

export interface Described {
  title: string
  description: string
  version: string
  publicUrl: string | undefined
  /** Paths of what is spoken here beside the contract's routes. */
  protocols: Record<string, object>
}

/** The contract as OpenAPI 3.1, made from the same schemas that parse the requests. */
export function openApiDocument({ publicUrl, protocols, ...info }: Described): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const [name, route] of Object.entries(routes) as [string, Route][]) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    const method = route.method.toLowerCase()
    const same = paths[path]?.[method]
    const described = operation(name, route)
    paths[path] = { ...paths[path], [method]: same ? eitherOf(same as Operation, described) : described }
  }
  return {
    openapi: '3.1.0',
    info,
    ...(publicUrl && { servers: [{ url: publicUrl }] }),
    paths: { ...paths, ...protocols },
    components: {
      schemas: { Failure: jsonSchema(Failure, 'output') },
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer' },
        mediaToken: { type: 'apiKey', in: 'query', name: 'token' },
        fileToken: { type: 'apiKey', in: 'query', name: 'token' },
      },
    },
    security: [{}, { apiKey: [] }],
  }
}

interface Operation {
  operationId: string
  summary: string
  'x-scope': string
  parameters: object[]
  security?: object[]
  requestBody?: { required: boolean; content: Record<string, object> }
  responses: Record<string, { description: string; content?: Record<string, { schema?: object }> }>
}

/** Two routes of one path that differ in what they take: OpenAPI has one operation for them. */
function eitherOf(one: Operation, other: Operation): Operation {
  const content = { ...one.requestBody?.content, ...other.requestBody?.content }
  const responses = Object.entries(one.responses).map(([status, response]) => {
    const schemas = [response, other.responses[status]].flatMap(
      each => each?.content?.['application/json']?.schema ?? [],
    )
    const json = { 'application/json': { schema: { anyOf: schemas } } }
    return [status, status === 'default' ? response : { ...response, content: json }]
  })
  return { ...one, requestBody: { required: true, content }, responses: Object.fromEntries(responses) }
}

function operation(operationId: string, route: Route): Operation {
  const answered = route.answer
    ? { 'application/json': { schema: jsonSchema(route.answer, 'output') } }
    : route.produces
      ? { [route.produces]: {} }
      : undefined
  return {
    operationId,
    summary: route.summary,
    'x-scope': route.scope,
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
    ...(route.body
      ? {
          requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(route.body, 'input') } } },
        }
      : {}),
    ...(route.scope === 'anyone' ? { security: [{}] } : {}),
    ...(route.opensBy ? { security: [{}, { apiKey: [] }, { [`${route.opensBy}Token`]: [] }] } : {}),
    ...(route.consumes ? { requestBody: { required: true, content: { [route.consumes]: {} } } } : {}),
    responses: {
      [route.status ?? 200]: { description: route.summary, ...(answered ? { content: answered } : {}) },
      default: {
        description: 'A failure',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
      },
    },
  }
}

function parameters(schema: z.ZodType | undefined, where: 'path' | 'query'): object[] {
  if (!schema) return []
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, object>
    required?: string[]
  }
  return Object.entries(properties).map(([name, of]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: of,
  }))
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}
