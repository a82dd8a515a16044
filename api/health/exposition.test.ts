import { mergeExpositions } from './exposition';

const worker = `# HELP picking_operations_total Moves that ended
# TYPE picking_operations_total counter
picking_operations_total{state="synced"} 3
# HELP seconds How long
# TYPE seconds histogram
seconds_bucket{le="0.5"} 1
seconds_bucket{le="+Inf"} 2
seconds_sum 1.5
seconds_count 2
`;

describe('the metrics of several processes', () => {
  const merged = mergeExpositions([
    {
      process: 'api',
      text: '# HELP up Up\n# TYPE up gauge\nup 1\n# HELP picking_operations_total Moves that ended\n# TYPE picking_operations_total counter\n',
    },
    { process: 'worker', text: worker },
    { process: 'dispatcher', text: '# TYPE up gauge\nup{} 1\nbare_metric 7 1700000000000\n' },
  ]).split('\n');

  it('say of which process each sample is', () => {
    expect(merged).toEqual(
      expect.arrayContaining([
        'up{process="api"} 1',
        'up{process="dispatcher"} 1',
        'picking_operations_total{process="worker",state="synced"} 3',
        'seconds_bucket{process="worker",le="+Inf"} 2',
        'bare_metric{process="dispatcher"} 7 1700000000000',
      ]),
    );
  });

  it('describe a family once', () => {
    for (const line of ['# HELP up Up', '# TYPE up gauge', '# TYPE picking_operations_total counter']) {
      expect(merged.filter((one) => one === line)).toHaveLength(1);
    }
  });

  it('keep a family in one piece, its description first', () => {
    expect(merged.indexOf('up{process="dispatcher"} 1')).toBe(merged.indexOf('up{process="api"} 1') + 1);
    expect(merged.indexOf('seconds_bucket{process="worker",le="0.5"} 1')).toBe(
      merged.indexOf('# TYPE seconds histogram') + 1,
    );
  });

  it('cannot be broken by a name', () => {
    expect(mergeExpositions([{ process: 'a"b\\c', text: 'x 1' }])).toBe('x{process="a\\"b\\\\c"} 1\n');
  });
});
