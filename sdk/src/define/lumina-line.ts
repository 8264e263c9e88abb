import { LuminaLine } from '../components/line/line.ts';
import { define } from './define.ts';

define('lumina-line', LuminaLine);
