// Names of folders and files that can be had everywhere.

/** What Windows keeps for devices, whatever follows behind a dot. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/;

/** A login as the name of a folder, each as one of its own: letters in lower case, digits, `-`, `_` and dots within; all else as `%2f`. */
export function folderName(login: string): string {
  const name = [...Buffer.from(login.toLowerCase())]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[a-z0-9_.-]/.test(character) ? character : spelled(byte);
    })
    .join('')
    .replace(/^\.|\.$/g, spelled('.'.charCodeAt(0)));
  return DEVICE.test(name) ? spelled(name.charCodeAt(0)) + name.slice(1) : name;
}

function spelled(byte: number): string {
  return `%${byte.toString(16).padStart(2, '0')}`;
}
