import { LuminaProvider } from '../components/provider/provider.ts';
import { define } from './define.ts';

define('lumina-provider', LuminaProvider);
