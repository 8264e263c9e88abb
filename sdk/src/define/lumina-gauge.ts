import './lumina-stat.ts';
import { LuminaGauge } from '../components/gauge/gauge.ts';
import { define } from './define.ts';

define('lumina-gauge', LuminaGauge);
