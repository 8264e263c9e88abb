import './lumina-bar.ts';
import './lumina-gauge.ts';
import './lumina-line.ts';
import './lumina-stat.ts';
import './lumina-table.ts';
import { LuminaWidget } from '../components/widget/widget.ts';
import { define } from './define.ts';

define('lumina-widget', LuminaWidget);
