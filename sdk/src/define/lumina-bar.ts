import { LuminaBar } from '../components/bar/bar.ts';
import { define } from './define.ts';

define('lumina-bar', LuminaBar);
