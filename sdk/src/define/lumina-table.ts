import { LuminaTable } from '../components/table/table.ts';
import { define } from './define.ts';

define('lumina-table', LuminaTable);
