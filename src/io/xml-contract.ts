// The contract of XML that is exchanged with a server: what is read of an answer, and how a question is written.

/** An element of a document that was read. Prefixes mean nothing: what they stand for is in `namespace`. */
export interface XmlNode {
  readonly namespace: string;
  /** Without a prefix. */
  readonly name: string;
  /** The attributes that have no namespace, by name. */
  readonly attributes: ReadonlyMap<string, string>;
  /** The text that stands directly in it. */
  readonly text: string;
  readonly children: readonly XmlNode[];
}

/** An element to be written. Its prefix is bound by an attribute of it, or of one around it. */
export interface NewXml {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly (NewXml | string)[];
}

/** The reader and writer. */
export interface Xml {
  /**
   * The root of a document; `undefined` for what is no whole document, is not in UTF-8, holds a DOCTYPE, or is deeper or larger than any
   * answer that somebody means.
   */
  read(text: string): XmlNode | undefined;
  write(root: NewXml): string;
}
