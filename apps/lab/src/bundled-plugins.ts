import type {PluginSource} from './plugins.ts';

/** The plugins in a bundle for the browser: none, unless the bundler was told of some, which puts them here. */
export const bundledPlugins: readonly PluginSource[] = [];
