// What an import `with { type: 'text' }` gives.

declare module '*/script.bash' {
  const text: string;
  export { text as default };
}
declare module '*/script.zsh' {
  const text: string;
  export { text as default };
}
declare module '*/script.fish' {
  const text: string;
  export { text as default };
}
declare module '*/script.ps1' {
  const text: string;
  export { text as default };
}
