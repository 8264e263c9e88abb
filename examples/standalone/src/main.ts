import '@lumina/sdk/define';
import { startPage } from './app.ts';
import { loadPageConfig } from './page-config.ts';
import { signIn } from './sign-in.ts';

startPage({ loadConfig: loadPageConfig, signIn });
