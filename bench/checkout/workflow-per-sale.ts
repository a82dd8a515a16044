import { proxyActivities } from '@temporalio/workflow';

/** The peer: what people write who begin with the workflow. */
export interface SellActivities {
  sell(sale: object): Promise<object | null>;
}

const { sell } = proxyActivities<SellActivities>({ startToCloseTimeout: '10 seconds' });

export async function sellOne(sale: object): Promise<object | null> {
  return sell(sale);
}
