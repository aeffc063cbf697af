// Where the builder has put a file.
declare module '*.wasm?url' {
  const address: string;
  // biome-ignore lint/style/noDefaultExport: that is how the builder hands it out
  export default address;
}
