export const layersOfCore: readonly {readonly folder: string; readonly about: string}[];
export const packages: readonly {readonly folder: string; readonly builtOn: readonly string[]}[];
