// What an import `with { type: 'text' }` gives.

declare module '*/stream.css' {
  const text: string;
  export { text as default };
}
declare module '*/stream.js' {
  const text: string;
  export { text as default };
}
