// An API of Google as a table: what each method is called, where it is, which scopes let it through, and what it does. Tasks and People can
// be added as files of their own; nothing else has to change but the list in google-server.ts.

import { readDeclarations, type Declarations, type DeclaredMethod } from './declarations';
import { GoogleError, type Answer } from './errors';
import type { AccessToken } from './tokens';
import { checkBody, checkQuery, isObject, writable, type Parameters } from './strict';
import type { User, World } from './world';

/** A request to an API, by itself or as a part of a batch. Names of headers are in lower case. */
export interface ApiRequest {
  readonly verb: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** A call of a method that was found to be in order. */
export interface Call {
  readonly method: string;
  readonly world: World;
  readonly user: User;
  readonly token: AccessToken;
  /** What the method is let through by. */
  readonly scopes: readonly string[];
  /** From the path and the query. */
  readonly parameters: Parameters;
  readonly headers: ApiRequest['headers'];
  /** Without what nobody may write; empty where the method has none. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Method {
  readonly verb: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API's path, with names in braces; `{name=people/*}` is one that reaches over a slash. */
  readonly path: string;
  /** One of these is enough. */
  readonly scopes: readonly string[];
  /** How much of the quota a call takes; 1 unless it is said. */
  readonly units?: number;
  /** Whether it changes something of which only one thing is changed at a time. */
  readonly isMutation?: true;
  readonly run: (call: Call) => Answer | object;
}

export interface Api {
  readonly name: string;
  /** `/calendar/v3/` */
  readonly path: string;
  readonly batchPath: string;
  /** Where Google's declarations of it are. */
  readonly declaredIn: string;
  readonly methods: Readonly<Record<string, Method>>;
  /** What is declared and left out here, so that a call of it is told from one of nothing. */
  readonly leftOut: readonly string[];
}

/** A method that a request names. */
export interface Route {
  readonly name: string;
  readonly method: Method;
  readonly inPath: ReadonlyMap<string, string>;
  readonly query: Parameters;
  /** The whole address, taken apart. */
  readonly url: URL;
}

const read = new Map<string, Declarations>();

/** What Google declares of an API; read once. */
export function declarationsFor({ declaredIn }: Api): Declarations {
  const declarations = read.get(declaredIn) ?? readDeclarations(declaredIn);
  read.set(declaredIn, declarations);
  return declarations;
}

/** The method that a request is for. */
export function routeOf(api: Api, { verb, path }: ApiRequest): Route | undefined {
  const url = new URL(path, 'http://stand-in');
  const { pathname, searchParams } = url;
  if (!pathname.startsWith(api.path)) return undefined;
  const rest = pathname.slice(api.path.length);
  for (const [name, method] of Object.entries(api.methods)) {
    const inPath = method.verb === verb ? matched(method.path, rest) : undefined;
    if (inPath === undefined) continue;
    const query = new Map([...new Set(searchParams.keys())].map((key) => [key, searchParams.getAll(key)]));
    return { name, method, inPath, query, url };
  }
  return undefined;
}

function matched(template: string, path: string): ReadonlyMap<string, string> | undefined {
  const known = templates.get(template) ?? templateOf(template);
  templates.set(template, known);
  const values = known.pattern.exec(path)?.slice(1);
  return values === undefined ? undefined : new Map(known.names.map((name, at) => [name, decodeURIComponent(values[at] ?? '')]));
}

/** Paths of methods, taken apart once. */
interface Template {
  readonly names: readonly string[];
  readonly pattern: RegExp;
}

const templates = new Map<string, Template>();

function templateOf(template: string): Template {
  const names: string[] = [];
  const pattern = template.replace(/\{(\w+)(?:=([^}]+))?\}|[^{]+/g, (part, name?: string, form?: string) => {
    if (name === undefined) return part.replace(/[.*+?^$()|[\]\\]/g, String.raw`\$&`);
    names.push(name);
    return `(${form?.replace('*', '[^/:]+') ?? '[^/]+'})`;
  });
  return { names, pattern: new RegExp(`^${pattern}$`) };
}

/** Does what a request asks for, once it is known who asks. Throws a refusal. */
export function perform(api: Api, world: World, route: Route, request: ApiRequest, token: AccessToken): Answer {
  const user = world.users.get(token.email);
  if (user === undefined) throw new GoogleError('forbidden', `no Google Calendar for ${token.email}`);
  if (!route.method.scopes.some((scope) => token.scopes.has(scope))) throw new GoogleError('insufficientPermissions');
  const declarations = declarationsFor(api);
  const declared = declarations.methods.get(route.name);
  if (declared === undefined) throw new Error(`${route.name} is not declared`);
  checkQuery(declared, route.query, [...route.inPath.keys()]);
  const body = bodyOf(declarations, declared, request);
  const parameters = new Map([...[...route.inPath].map(([name, value]) => [name, [value]] as const), ...route.query]);
  const { scopes } = route.method;
  const said = route.method.run({ method: route.name, world, user, token, scopes, parameters, headers: request.headers, body });
  return isAnswer(said) ? said : { status: 200, body: said };
}

/** A method's own answer has a status of HTTP; a body has none that is a number. */
function isAnswer(said: Answer | object): said is Answer {
  return 'status' in said && typeof said.status === 'number';
}

function bodyOf(declarations: Declarations, { body: shape }: DeclaredMethod, { headers, body }: ApiRequest): Call['body'] {
  if (shape === undefined) {
    if (body !== '') throw new GoogleError('badRequest', 'This method takes no body.');
    return {};
  }
  const type = headers['content-type'] ?? 'none';
  if (!/^application\/json(; *charset=utf-8)?$/i.test(type))
    throw new GoogleError('badContent', `Unsupported content with type: ${type}`);
  const value = parsed(body);
  if (!isObject(value)) throw new GoogleError('parseError');
  checkBody(declarations, shape, value, shape.kind === 'named' ? shape.name : 'body');
  return { ...writable(declarations, shape, value) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new GoogleError('parseError');
  }
}

/** The only value of a parameter. */
export function one({ parameters }: Call, name: string): string | undefined {
  return parameters.get(name)?.[0];
}

/** Whether a parameter is given as true. */
export function isSet(call: Call, name: string): boolean {
  return one(call, name) === 'true';
}
