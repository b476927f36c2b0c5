// What a server says of several things at once (RFC 4918, 13). It may say nothing of some: that is nobody's absence. Pure.

import type { XmlNode } from '../../io/xml-contract';
import { NAMESPACES, type DavName } from './dav-kinds';

/** What is said of one address. */
export interface DavResponse {
  readonly href: string;
  /** The status of the whole; left out where properties have their own. */
  readonly status?: number;
  /** The properties that were found. */
  property(name: DavName): XmlNode | undefined;
}

/** A whole answer. */
export interface Multistatus {
  readonly responses: readonly DavResponse[];
  /** From where the next question for changes goes on. */
  readonly syncToken?: string;
}

/** An answer as it was read; `undefined` where it is something else. */
export function multistatusOf(root: XmlNode | undefined): Multistatus | undefined {
  if (root === undefined || !isCalled(root, 'D:multistatus')) return undefined;
  const token = childOf(root, 'D:sync-token')?.text.trim() ?? '';
  return {
    responses: childrenOf(root, 'D:response').flatMap(responsesOf),
    ...(token === '' ? {} : { syncToken: token }),
  };
}

/** What a server says is wrong with a question (RFC 4918, 16): the names of its conditions, and never its words. */
export function conditionsOf(root: XmlNode | undefined): readonly string[] {
  return root !== undefined && isCalled(root, 'D:error') ? root.children.map(({ name }) => name) : [];
}

/** The first element of a name. */
export function childOf(node: XmlNode | undefined, name: DavName): XmlNode | undefined {
  return node?.children.find((child) => isCalled(child, name));
}

/** All elements of a name. */
export function childrenOf(node: XmlNode, name: DavName): readonly XmlNode[] {
  return node.children.filter((child) => isCalled(child, name));
}

/** One address in an element, such as that of a home. */
export function hrefIn(node: XmlNode | undefined): string | undefined {
  return childOf(node, 'D:href')?.text.trim() || undefined;
}

function isCalled({ namespace, name }: XmlNode, wanted: DavName): boolean {
  const [prefix, local] = wanted.split(':');
  return name === local && namespace === NAMESPACES[prefix as keyof typeof NAMESPACES];
}

/** Several addresses may share one status. */
function responsesOf(node: XmlNode): readonly DavResponse[] {
  const status = statusIn(node);
  const found = childrenOf(node, 'D:propstat')
    .filter((each) => statusIn(each) === 200)
    .flatMap((each) => childOf(each, 'D:prop')?.children ?? []);
  return childrenOf(node, 'D:href').map(({ text }) => ({
    href: text.trim(),
    ...(status === undefined ? {} : { status }),
    property: (name) => found.find((each) => isCalled(each, name)),
  }));
}

function statusIn(node: XmlNode): number | undefined {
  const digits = /^HTTP\/[\d.]+\s+(\d{3})\b/.exec(childOf(node, 'D:status')?.text.trim() ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
