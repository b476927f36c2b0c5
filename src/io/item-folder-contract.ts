// The contract of a folder of items, one a file, which other programs write as well.

/** A file as it was read. */
export interface ItemFile {
  /** Its name in the folder; it means nothing. */
  readonly name: string;
  /** What it holds; `undefined` where it cannot be read at the moment, which is no sign that it is not there. */
  readonly text: string | undefined;
  /** A hash of its bytes. */
  readonly version: string;
}

/** Which files of a folder are items. */
export interface ItemFiles {
  /** How their names end, with the dot, in lower case. */
  readonly suffix: string;
  /** What is larger is not read, in bytes. */
  readonly largest: number;
}

/** A folder. All reject with the system's error, and what is not there is told, not thrown. What was done is so for good after `flush`. */
export interface ItemFolder {
  /** Why no file can be made in it, or it cannot be made, in words that follow its path; `undefined` where it can. It is tried, and taken back. */
  whyNotWritable(): Promise<string | undefined>;
  /** All files of items; `undefined` where the folder itself is not there. */
  read(): Promise<readonly ItemFile[] | undefined>;
  /** Makes a file that is not there; its version, or false where one is. It is whole or not there at all, also after a crash. */
  create(name: string, text: string): Promise<string | false>;
  /** Replaces a file that is of this version; the new version, or false where it is not. */
  replace(name: string, version: string, text: string): Promise<string | false>;
  /** Removes a file that is of this version; false where it is not. */
  remove(name: string, version: string): Promise<boolean>;
  /** Waits until all that was done is on the disk: once for many files, because it is most of what one costs. Throws the system's error. */
  flush(): void;
}
