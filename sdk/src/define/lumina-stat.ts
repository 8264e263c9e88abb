import { LuminaStat } from '../components/stat/stat.ts';
import { define } from './define.ts';

define('lumina-stat', LuminaStat);
