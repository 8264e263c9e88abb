/** A team, the queues its people serve and their names. */
export interface TeamPlan {
  readonly id: string;
  readonly name: string;
  readonly queueIds: readonly string[];
  readonly agents: readonly string[];
}

export const UK_TEAMS: readonly TeamPlan[] = [
  {
    id: 't_uk_a',
    name: 'London Sales',
    queueIds: ['q_sales', 'q_retention'],
    agents: [
      'Amelia Hart',
      'Oliver Bennett',
      'Isla Thompson',
      'Harry Cole',
      'Freya Marsh',
      'George Whitaker',
      'Poppy Lawson',
      'Noah Ellis',
      'Maisie Grant',
      'Theo Barker',
      'Ruby Sinclair',
    ],
  },
  {
    id: 't_uk_b',
    name: 'Leeds Support',
    queueIds: ['q_support', 'q_technical'],
    agents: [
      'Jack Holloway',
      'Evie Prescott',
      'Arjun Patel',
      'Charlotte Reeves',
      'Callum Fraser',
      'Niamh Doyle',
      'Samuel Okafor',
      'Grace Pemberton',
      'Leo Hargreaves',
      'Zara Hussain',
      'Ethan Lowe',
    ],
  },
  {
    id: 't_uk_c',
    name: 'Cardiff Billing',
    queueIds: ['q_billing', 'q_retention'],
    agents: [
      'Rhys Morgan',
      'Cerys Bevan',
      'Daisy Llewellyn',
      'Tomos Price',
      'Florence Webb',
      'Adam Kowalski',
      'Megan Rowlands',
      'Priya Nair',
      'Lewis Cartwright',
    ],
  },
  {
    id: 't_uk_d',
    name: 'Glasgow Front Desk',
    queueIds: ['q_switchboard', 'q_support'],
    agents: [
      'Eilidh Campbell',
      'Fergus Munro',
      'Skye Robertson',
      'Logan Baird',
      'Orla Kennedy',
      'Hamish Reid',
      'Ailsa Stewart',
      'Blair Johnstone',
      'Catriona Lennox',
    ],
  },
];

export const US_TEAMS: readonly TeamPlan[] = [
  {
    id: 't_us_a',
    name: 'New York Sales',
    queueIds: ['q_us_sales', 'q_us_renewals'],
    agents: [
      'Madison Brooks',
      'Liam Carter',
      'Sofia Ramirez',
      'Mason Reed',
      'Ava Goldberg',
      'Jackson Hayes',
      'Chloe Bennington',
      'Elijah Foster',
      'Harper Quinn',
      'Diego Alvarez',
      'Naomi Fletcher',
    ],
  },
  {
    id: 't_us_b',
    name: 'Austin Support',
    queueIds: ['q_us_support', 'q_us_technical'],
    agents: [
      'Wyatt Sullivan',
      'Emily Nguyen',
      'Carlos Mendoza',
      'Savannah Price',
      'Tyler Dawson',
      'Aaliyah Jackson',
      'Hunter Boyd',
      'Lauren Kim',
      'Caleb Whitfield',
      'Jasmine Torres',
      'Ryan O’Connell',
    ],
  },
  {
    id: 't_us_c',
    name: 'Denver Billing',
    queueIds: ['q_us_billing', 'q_us_renewals'],
    agents: [
      'Brooke Lindgren',
      'Nathan Pierce',
      'Olivia Castellano',
      'Marcus Greene',
      'Paige Donovan',
      'Kevin Tran',
      'Hannah Schultz',
      'Isaiah Coleman',
      'Rachel Weiss',
    ],
  },
  {
    id: 't_us_d',
    name: 'Atlanta Front Desk',
    queueIds: ['q_us_frontdesk', 'q_us_support'],
    agents: [
      'Destiny Monroe',
      'Andre Wallace',
      'Kayla Simmons',
      'Trevor Blake',
      'Imani Richardson',
      'Cole Jennings',
      'Leah Abernathy',
      'Xavier Dixon',
      'Morgan Tate',
    ],
  },
];
