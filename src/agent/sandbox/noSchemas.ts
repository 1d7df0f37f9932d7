/**
 * Stands in for the library of schemas while a child loads its tools: every call of an agent is checked before it comes here, and the library takes longer
 * to load than all tools together. Whatever is built with it is the same nothing; a name that is missing here says so when the child starts.
 */

const nothing: unknown = new Proxy(() => {}, {
  // An `await` must not take it for a promise.
  get: (_target, name) => (name === 'then' ? undefined : nothing),
  apply: () => nothing,
})

export {
  nothing as any,
  nothing as array,
  nothing as base64,
  nothing as bigint,
  nothing as boolean,
  nothing as coerce,
  nothing as custom,
  nothing as date,
  nothing as discriminatedUnion,
  nothing as email,
  nothing as enum,
  nothing as int,
  nothing as intersection,
  nothing as iso,
  nothing as lazy,
  nothing as literal,
  nothing as looseObject,
  nothing as map,
  nothing as never,
  nothing as null,
  nothing as nullable,
  nothing as nullish,
  nothing as number,
  nothing as object,
  nothing as optional,
  nothing as pipe,
  nothing as preprocess,
  nothing as record,
  nothing as regexes,
  nothing as set,
  nothing as strictObject,
  nothing as string,
  nothing as stringbool,
  nothing as templateLiteral,
  nothing as toJSONSchema,
  nothing as transform,
  nothing as tuple,
  nothing as undefined,
  nothing as union,
  nothing as unknown,
  nothing as url,
  nothing as uuid,
  nothing as z,
}
