import './lumina-dashboard.ts';
import './lumina-provider.ts';
import './lumina-widget.ts';
