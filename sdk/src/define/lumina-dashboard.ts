import { LuminaDashboard } from '../components/dashboard/dashboard.ts';
import { LuminaMenu } from '../components/dashboard/menu.ts';
import { LuminaToolbar } from '../components/dashboard/toolbar.ts';
import { define } from './define.ts';
import './lumina-widget.ts';

define('lumina-menu', LuminaMenu);
define('lumina-toolbar', LuminaToolbar);
define('lumina-dashboard', LuminaDashboard);
