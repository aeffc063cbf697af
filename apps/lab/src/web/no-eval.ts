// Comes before every module that makes a schema: Zod otherwise writes its checks as code, which the page's content policy
// forbids.
import {z} from 'zod';

z.config({jitless: true});
