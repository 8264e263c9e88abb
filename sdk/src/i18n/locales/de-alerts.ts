import { str } from '@lit/localize';
import type { TemplateMap } from '@lit/localize';

/** German texts of alerts, by message id. */
export const alertTemplates: TemplateMap = {
  'alert.count': str`${0} Alarme`,
  'alert.noData': str`${0} ohne Daten`,
  'alert.over': str`Vorbei: ${0}`,
  'alert.region': 'Alarme',
  'alert.since': str`seit ${0}`,
  'alert.value': str`${0} anfangs ${1}`,
};
