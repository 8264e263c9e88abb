import './lumina-provider.ts';
import './lumina-widget.ts';
