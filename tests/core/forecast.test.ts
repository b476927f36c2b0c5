import { Forecast } from '../../src/core/forecast';

describe('a forecast', () => {
  it('counts the posts of each destination, and finds the hour with the most of them', () => {
    const forecast = new Forecast(['stream', 'oncall', 'silent']);
    for (const minute of ['08:59:59', '09:00:00', '09:59:59', '10:00:00']) forecast.add('stream', `2010-06-14T${minute}`);
    forecast.add('oncall', '2010-06-15T07:31:00');
    expect(forecast.result()).toEqual([
      { destination: 'stream', posts: 4, busiest: { hour: '2010-06-14T09:00', posts: 2 } },
      { destination: 'oncall', posts: 1, busiest: { hour: '2010-06-15T07:00', posts: 1 } },
      { destination: 'silent', posts: 0, busiest: { hour: '', posts: 0 } },
    ]);
  });

  it('takes the first of two hours that are as busy', () => {
    const forecast = new Forecast([]);
    forecast.add('stream', '2010-06-15T07:00:00');
    forecast.add('stream', '2010-06-14T09:00:00');
    expect(forecast.result()[0]?.busiest.hour).toBe('2010-06-14T09:00');
  });
});
