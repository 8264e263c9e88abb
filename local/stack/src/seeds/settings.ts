import { defaultSettings } from '@lumina/contracts';
import type { OpenHours, TerritorySettings } from '@lumina/contracts';
import type { Population } from '@lumina/simulator';

type Choices = Partial<Omit<TerritorySettings, 'timeZone'>>;

function week(weekdays: OpenHours, saturday: OpenHours, sunday: OpenHours): TerritorySettings['openingHours'] {
  return {
    monday: weekdays,
    tuesday: weekdays,
    wednesday: weekdays,
    thursday: weekdays,
    friday: weekdays,
    saturday,
    sunday,
  };
}

/** A house that answers by the product's own definitions, and one that has chosen others. */
const CHOICES: Readonly<Record<number, Choices>> = {
  101: {
    openingHours: week([['07:00', '22:00']], [['08:00', '20:00']], [['09:00', '18:00']]),
    holidays: [
      { date: '2026-12-25', name: 'Christmas Day', hours: [] },
      { date: '2026-12-26', name: 'Boxing Day', hours: [['10:00', '16:00']] },
      { date: '2027-01-01', name: 'New Year’s Day', hours: [['10:00', '16:00']] },
      { date: '2027-12-25', name: 'Christmas Day', hours: [] },
    ],
    targets: [
      { metric: 'queue_service_level', value: 80 },
      { metric: 'queue_service_level', queueId: 'q_retention', value: 90 },
      { metric: 'call_answer_rate', value: 90 },
      { metric: 'call_abandon_rate', value: 5 },
      { metric: 'call_wait_time', value: 30 },
      { metric: 'occupancy', value: 85 },
    ],
  },
  202: {
    // A night shift from Monday to Friday, over midnight.
    openingHours: week(
      [
        ['08:00', '17:00'],
        ['20:00', '02:00'],
      ],
      [['09:00', '14:00']],
      [],
    ),
    holidays: [
      { date: '2026-11-26', name: 'Thanksgiving', hours: [] },
      { date: '2026-12-25', name: 'Christmas Day', hours: [] },
      { date: '2027-07-04', name: 'Independence Day', hours: [] },
    ],
    serviceLevel: { formula: 'SL4', thresholdS: 30 },
    targets: [
      { metric: 'queue_service_level', value: 75 },
      { metric: 'call_answer_rate', value: 85 },
      { metric: 'call_abandon_rate', value: 8 },
      { metric: 'call_wait_time', value: 45 },
    ],
  },
};

/** The settings of a tenant, in its own zone; none for one that has chosen nothing. */
export function settingsOf({
  territoryId,
  timeZone,
}: Pick<Population, 'territoryId' | 'timeZone'>): { territoryId: number; body: TerritorySettings }[] {
  const choices = CHOICES[territoryId];
  return choices === undefined ? [] : [{ territoryId, body: { ...defaultSettings(timeZone), ...choices } }];
}
