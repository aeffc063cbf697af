import {bundledPlugins} from '../bundled-plugins.ts';
import {importPlugins} from '../plugins.ts';
import type {LabPlugin} from '../regularizers.ts';

/** What whoever built or serves the page has put into it: an address adds nothing. */
export const plugins: readonly LabPlugin[] = await importPlugins(bundledPlugins);
